"""Questions asked in chat: the daily question, tests with a record a person, and recall after the camp."""
