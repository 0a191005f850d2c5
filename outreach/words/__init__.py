"""What several rooms know about language and time: names, slugs, countries, wall times, calendars."""
