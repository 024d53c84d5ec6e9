"""What a downloaded file really is: judged by its content, never by its name."""
