"""What Telegram said, stored before it is confirmed, and what the courier brought back."""
