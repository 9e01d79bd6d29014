// A static server on a loopback port that serves a folder under a sub-path, as a portal section is served, and nothing else.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.atom': 'application/atom+xml', '.css': 'text/css', '.csv': 'text/csv', '.html': 'text/html', '.ico': 'image/x-icon', '.jpg': 'image/jpeg',
  '.js': 'text/javascript', '.json': 'application/json', '.pdf': 'application/pdf', '.png': 'image/png', '.svg': 'image/svg+xml',
  '.txt': 'text/plain', '.webp': 'image/webp', '.xml': 'application/xml',
};

export async function serve(dir, prefix) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const inside = path.startsWith(prefix) ? normalize(path.slice(prefix.length)) : '..';
    try {
      if (inside.startsWith('..')) throw new Error('outside the site');
      const body = await readFile(join(dir, inside.endsWith('/') || inside === '.' ? `${inside}index.html` : inside));
      const type = TYPES[extname(inside)] ?? (inside.includes('.') ? 'application/octet-stream' : 'text/html');
      response.writeHead(200, { 'content-type': type.startsWith('image/') ? type : `${type}; charset=utf-8` }).end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('not found');
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
