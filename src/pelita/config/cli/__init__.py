"""The `pelita` command: one file for each subcommand, `main.COMMANDS` lists them."""
