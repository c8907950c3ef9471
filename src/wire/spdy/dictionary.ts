/** Words that SPDY/3 headers are expected to hold: each goes into the dictionary with its length before it. */
const words = [
  ...'options head post put delete trace accept accept-charset accept-encoding accept-language'.split(' '),
  ...'accept-ranges age allow authorization cache-control connection content-base content-encoding'.split(' '),
  ...'content-language content-length content-location content-md5 content-range content-type date etag'.split(' '),
  ...'expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since'.split(' '),
  ...'last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer'.split(' '),
  ...'retry-after server te trailer transfer-encoding upgrade user-agent vary via warning'.split(' '),
  ...'www-authenticate method get status'.split(' '),
  '200 OK',
  ...'version HTTP/1.1 url public set-cookie keep-alive origin'.split(' '),
];

/** Values, run together. */
const values =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505' +
  '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized' +
  '403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable' +
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT' +
  'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,' +
  'text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

/** The zlib dictionary that both sides of a SPDY/3 connection start from (draft-mbelshe-httpbis-spdy-00, 2.6.10.1). */
export const headerDictionary: Buffer = Buffer.concat([
  ...words.map((word) => {
    const entry = Buffer.alloc(4 + word.length, word, 'latin1');
    entry.fill(0, 0, 4);
    entry.writeUInt32BE(word.length, 0);
    entry.write(word, 4, 'latin1');
    return entry;
  }),
  Buffer.from(values, 'latin1'),
]);

/** Adler-32 of the dictionary: a zlib stream names by it the dictionary it needs. */
export const headerDictionaryId = 0xe3c6a7c2;
