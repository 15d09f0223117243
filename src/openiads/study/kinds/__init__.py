"""The kinds of study: each says which replications it wants, from what is known so far, and what they answer."""
