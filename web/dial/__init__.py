"""What is dialled for which function: codes inside, numbers of the site's own outside."""
