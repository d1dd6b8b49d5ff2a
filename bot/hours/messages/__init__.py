"""The words of hours: ledgers, rules, warnings, and the codec of their buttons. Decides nothing."""
