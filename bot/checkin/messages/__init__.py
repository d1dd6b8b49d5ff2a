"""The words of check-in and the codec of its buttons: ``trainee`` for who comes, ``desk`` for who keeps the list."""
