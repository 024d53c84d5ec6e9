-- The tables as a new database of version 4 had them, and a little in them.

CREATE TABLE schema_version (
    version INTEGER NOT NULL
)
 STRICT;
CREATE TABLE blogs (
    id INTEGER NOT NULL,
    url TEXT NOT NULL,
    title TEXT,
    complete INTEGER NOT NULL,
    last_read REAL,
    reason TEXT,
    feed TEXT,
    listed_at REAL,
    gone_since REAL,
    platform TEXT,
    way TEXT,
    way_address TEXT,
    announced INTEGER,
    marker REAL,
    resume TEXT,
    failures INTEGER DEFAULT 0 NOT NULL,
    due REAL,
    followed INTEGER DEFAULT 0 NOT NULL,
    furniture TEXT,
    PRIMARY KEY (id),
    UNIQUE (url)
)
 STRICT;
CREATE TABLE downloads (
    id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    state TEXT NOT NULL,
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due REAL NOT NULL,
    created REAL NOT NULL,
    updated REAL NOT NULL,
    kind TEXT NOT NULL,
    format TEXT,
    stem TEXT,
    referer TEXT,
    lease_until REAL,
    token TEXT,
    reason TEXT,
    detail TEXT,
    path TEXT,
    bytes INTEGER,
    sha256 TEXT,
    PRIMARY KEY (id),
    UNIQUE ("key")
)
 STRICT;
CREATE INDEX downloads_running ON downloads (lease_until) WHERE state = 'running';
CREATE INDEX downloads_waiting ON downloads (priority, due, id, host) WHERE state = 'waiting';
CREATE INDEX downloads_settled ON downloads (state, reason) WHERE NOT (state = 'waiting' OR state = 'running');
CREATE TABLE runs (
    id INTEGER NOT NULL,
    command TEXT NOT NULL,
    "query" TEXT NOT NULL,
    started REAL NOT NULL,
    finished REAL,
    outcome TEXT,
    counts TEXT NOT NULL,
    PRIMARY KEY (id)
)
 STRICT;
CREATE TABLE validators (
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    saved REAL NOT NULL,
    answered TEXT,
    fresh_until REAL,
    moved_to TEXT,
    moved_at REAL,
    PRIMARY KEY (url)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE robots (
    origin TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    fetched REAL NOT NULL,
    PRIMARY KEY (origin)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE holds (
    host_group TEXT NOT NULL,
    until REAL NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (host_group)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE posts (
    id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    url TEXT NOT NULL,
    blog_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    artist TEXT,
    track TEXT,
    version TEXT,
    label TEXT,
    featuring TEXT NOT NULL,
    published_text TEXT,
    published_precision TEXT,
    published_at REAL,
    order_at REAL NOT NULL,
    genres TEXT NOT NULL,
    cover TEXT,
    matched TEXT NOT NULL,
    matched_at REAL,
    created REAL NOT NULL,
    updated REAL NOT NULL,
    listed_id TEXT,
    modified REAL,
    passwords TEXT DEFAULT '[]' NOT NULL,
    partial INTEGER DEFAULT 0 NOT NULL,
    PRIMARY KEY (id),
    UNIQUE ("key"),
    FOREIGN KEY(blog_id) REFERENCES blogs (id)
)
 STRICT;
CREATE INDEX ix_posts_blog_id ON posts (blog_id);
CREATE UNIQUE INDEX posts_listed ON posts (blog_id, listed_id) WHERE listed_id IS NOT NULL;
CREATE INDEX posts_read ON posts (blog_id, updated);
CREATE INDEX posts_matched ON posts (order_at, id) WHERE matched_at IS NOT NULL;
CREATE TABLE unreadable (
    post_key TEXT NOT NULL,
    blog_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    times INTEGER NOT NULL,
    tried_at REAL NOT NULL,
    PRIMARY KEY (post_key),
    FOREIGN KEY(blog_id) REFERENCES blogs (id)
)
 WITHOUT ROWID,
 STRICT;
CREATE INDEX ix_unreadable_blog_id ON unreadable (blog_id);
CREATE TABLE post_genres (
    post_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    genre TEXT NOT NULL,
    trust INTEGER NOT NULL,
    source TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (post_id, position),
    FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE links (
    post_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    host TEXT NOT NULL,
    format TEXT,
    name TEXT,
    text TEXT,
    quality TEXT,
    group_number INTEGER,
    part INTEGER,
    unsure INTEGER DEFAULT 0 NOT NULL,
    expires INTEGER DEFAULT 0 NOT NULL,
    PRIMARY KEY (post_id, position),
    UNIQUE (post_id, "key"),
    FOREIGN KEY(post_id) REFERENCES posts (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

INSERT INTO schema_version VALUES (4);
INSERT INTO blogs VALUES (7, 'https://blog.example/', 'A blog', 1, 1000.5, NULL, 'https://blog.example/feed/', 900.5, NULL, 'wordpress', 'feed', NULL, 1, NULL, NULL, 0, NULL, 1, NULL),
    (8, 'https://b.example/', NULL, 0, NULL, 'gone', NULL, NULL, 800.5, NULL, NULL, NULL, NULL, NULL, NULL, 2, 900.5, 0, NULL);
INSERT INTO validators VALUES ('https://blog.example/', '"1"', 'Fri, 20 Nov 2026 10:00:00 GMT', 1000.5, NULL, 2000.5, NULL, NULL);
INSERT INTO unreadable VALUES ('https://blog.example/2', 7, 'https://blog.example/2', 2, 1000.5);
INSERT INTO holds VALUES ('blog.example', 2000.5, 'rate-limited');
INSERT INTO robots VALUES ('https://blog.example', 200, 'User-agent: *', 1000.5);
INSERT INTO posts VALUES (1, 'https://blog.example/1', 'https://blog.example/1', 7, 'One', NULL, NULL, NULL, NULL, '[]', NULL, NULL, NULL, -1.0, '[]', NULL, '["house"]', 1000.5, 1000.5, 1000.5, 'p1', 900.5, '["foo57"]', 0);
INSERT INTO post_genres VALUES (1, 0, 'house', 1, 'label', 'Genre: House');
INSERT INTO links VALUES (1, 0, 'https://f.example/1.mp3', 'https://f.example/1.mp3', 'direct', 'f.example', 'mp3', '1.mp3', NULL, '320', 1, NULL, 0, 0);
INSERT INTO downloads (id, key, url, host, state, priority, attempts, due, created, updated, kind)
VALUES (1, 'https://f.example/1.mp3', 'https://f.example/1.mp3', 'f.example', 'waiting', 0, 0, 1000.5, 1000.5, 1000.5, 'direct');
INSERT INTO downloads (id, key, url, host, state, priority, attempts, due, created, updated, kind, token, path, bytes, sha256)
VALUES (2, 'https://f.example/2.mp3', 'https://f.example/2.mp3', 'f.example', 'done', 0, 1, 1000.5, 1000.5, 1000.5, 'direct', 'ab', '/music/2.mp3', 9, 'cd');
INSERT INTO runs VALUES (1, 'scrape', 'house', 1000.5, NULL, NULL, '{}');
