"""What DNS says about an account's mail, checked: one file a check, each a dialogue that computes and never waits."""
