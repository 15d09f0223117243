"""The reference work W1 to W6: what openiads promises of speed, measured beside a peer in the same run."""
