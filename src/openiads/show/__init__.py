"""Pictures: terminal, report, charts, the replay file and exports."""
