"""Reads feeds with feedparser and prints one JSON object a feed: what a subscriber would get."""
import calendar
import json
import sys

import feedparser

for path in sys.argv[1:]:
    d = feedparser.parse(path)
    print(json.dumps({
        "path": path,
        "bozo": repr(d.get("bozo_exception")) if d.bozo else "",
        "language": d.feed.get("language", ""),
        "entries": [{
            "id": e.get("id", ""), "title": e.get("title", ""), "link": e.get("link", ""),
            "author": e.get("author", ""),
            "published": calendar.timegm(e.published_parsed) if e.get("published_parsed") else 0,
        } for e in d.entries],
    }, ensure_ascii=False))
