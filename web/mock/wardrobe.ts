import type { IncomingMessage, ServerResponse } from 'node:http';

import type { components } from '@/api/schema';
import { PALETTE, KINDS } from './drawings.ts';
import { formOf, jsonOf, Refusal, send } from './http.ts';
import { learn, planWeek, recommend, taste } from './outfits.ts';
import { addItem, attributesOf, type Item, recognise, state } from './state.ts';

type Schemas = components['schemas'];

function page<T>(rows: T[], query: URLSearchParams): { rows: T[]; next_cursor?: string } {
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 40);
  const next = from + limit < rows.length ? String(from + limit) : undefined;
  return { rows: rows.slice(from, from + limit), next_cursor: next };
}

function fits(item: Item, query: URLSearchParams): boolean {
  const text = query.get('text')?.toLowerCase();
  const is = (name: string, value?: string | null) => !query.get(name) || query.get(name) === value;
  const season = item.attributes.find((one) => one.name === 'season')?.value;
  return (
    Boolean(item.deleted_at) === (query.get('deleted') === 'true') &&
    is('category', item.category) &&
    is('slot', item.slot) &&
    is('state', item.state) &&
    is('season', season) &&
    (!query.get('colour') || item.colours.some((one) => one.name === query.get('colour'))) &&
    (!text || `${item.name} ${item.caption}`.toLowerCase().includes(text))
  );
}

function counts(names: (string | null | undefined)[]): Schemas['Count'][] {
  const tally = new Map<string, number>();
  for (const name of names) if (name) tally.set(name, (tally.get(name) ?? 0) + 1);
  return [...tally].map(([name, count]) => ({ name, count }));
}

async function upload(request: IncomingMessage, response: ServerResponse) {
  const form = await formOf(request);
  const results: Schemas['UploadResult'][] = [];
  for (const photo of form.getAll('photos')) {
    if (typeof photo === 'string') continue;
    const bytes = Buffer.from(await photo.arrayBuffer());
    const twin = [...state.pictures].find(([, one]) => one.bytes.equals(bytes))?.[0];
    const known = twin ? state.items.get(twin) : undefined;
    if (known) {
      results.push({ file_name: photo.name, result: 'duplicate', item: known });
    } else if (bytes.subarray(0, 5).toString() === 'hello') {
      const problem = { type: '/problems/not-an-image', title: 'Not an image', status: 422 };
      const detail = 'this is text, not a picture';
      results.push({
        file_name: photo.name,
        result: 'rejected',
        problem: { ...problem, detail, request_id: 'mock-0001' },
      });
    } else {
      const seed = state.items.size;
      const item = addItem({ type: photo.type, bytes }, photo.name, seed, false);
      results.push({ file_name: photo.name, result: 'created', item: { ...item } });
      recognise(item, seed);
    }
  }
  send(response, 202, { results });
}

function events(request: IncomingMessage, response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write('event: hello\ndata: {}\n\n');
  const tell = ({ id, state: now, failure }: Item) =>
    response.write(`event: item\ndata: ${JSON.stringify({ id, state: now, failure })}\n\n`);
  state.listeners.add(tell);
  request.on('close', () => state.listeners.delete(tell));
}

async function correct(request: IncomingMessage, item: Item) {
  const { attributes = {}, ...rest } = await jsonOf<Schemas['EditBody']>(request);
  Object.assign(item, rest);
  const seed = [...state.items.keys()].indexOf(item.id);
  const original = attributesOf(item.category ?? 'shirt', seed);
  item.attributes = item.attributes.map((attribute) => {
    const value = attributes[attribute.name];
    if (value === undefined) return attribute;
    if (value === null) return original.find((one) => one.name === attribute.name) ?? attribute;
    return { ...attribute, value, probability: null, source: 'person', is_sure: true };
  });
}

async function one(request: IncomingMessage, response: ServerResponse, id: string, action: string) {
  const item = state.items.get(id);
  if (!item) throw new Refusal(404, 'Not found', 'there is no such garment');
  const route = `${request.method} ${action}`;
  if (route === 'DELETE ') {
    item.deleted_at = new Date().toISOString();
    send(response, 204);
    return;
  }
  if (route === 'GET similar') {
    const others = [...state.items.values()].filter((x) => x.slot === item.slot && x !== item);
    send(response, 200, {
      items: others.slice(0, 6).map((x, index) => ({ item: x, similarity: 0.91 - index * 0.07 })),
    });
    return;
  }
  if (route === 'PATCH ') await correct(request, item);
  if (route === 'POST restore') item.deleted_at = undefined;
  if (route === 'POST reprocess') {
    item.state = 'pending';
    recognise(item, [...state.items.keys()].indexOf(id));
  }
  send(response, route === 'POST reprocess' ? 202 : 200, item);
}

const VOCABULARY: Schemas['Vocabulary'] = {
  categories: KINDS.map(({ category, slot }) => ({ name: category, slot })),
  slots: ['top', 'bottom', 'one-piece', 'outer', 'shoes', 'headwear', 'bag', 'accessory'],
  occasions: ['casual', 'work', 'formal', 'party', 'sport', 'travel', 'home'],
  seasons: ['summer', 'winter', 'all-year'],
  patterns: ['plain', 'striped', 'checked', 'floral', 'dotted', 'graphic'],
  sleeves: ['none', 'short', 'three-quarter', 'long', 'na'],
  audiences: ['women', 'men', 'unisex', 'kids'],
  colours: PALETTE,
};

export async function wardrobe(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  const { pathname, searchParams: query } = url;
  const route = `${request.method} ${pathname}`;
  const [, , area = '', id = '', action = ''] = pathname.split('/');
  const items = [...state.items.values()].reverse();
  const mine = items.filter((item) => !item.deleted_at);
  if (route === 'POST /api/wardrobe') await upload(request, response);
  else if (route === 'GET /api/wardrobe') {
    const { rows, next_cursor } = page(
      items.filter((item) => fits(item, query)),
      query,
    );
    send(response, 200, { items: rows, next_cursor });
  } else if (route === 'GET /api/wardrobe/summary') {
    send(response, 200, {
      total: mine.length,
      processing: mine.filter((x) => x.state === 'pending' || x.state === 'processing').length,
      deleted: items.length - mine.length,
      categories: counts(mine.map((x) => x.category)),
      colours: counts(mine.flatMap((x) => x.colours.map((colour) => colour.name))),
      slots: counts(mine.map((x) => x.slot)),
    });
  } else if (route === 'GET /api/wardrobe/events') events(request, response);
  else if (area === 'wardrobe' && id) await one(request, response, id, action);
  else if (area === 'images') {
    const picture = state.pictures.get(id);
    if (!picture) throw new Refusal(404, 'Not found', 'there is no such picture');
    response.writeHead(200, { 'content-type': picture.type });
    response.end(picture.bytes);
  } else if (route === 'GET /api/vocabulary') send(response, 200, VOCABULARY);
  else if (route === 'POST /api/recommend') {
    const ask = await jsonOf<Schemas['RecommendRequest']>(request);
    await new Promise((resolve) => setTimeout(resolve, 700));
    send(response, 200, recommend(ask));
  } else if (route === 'POST /api/recommend/photo') {
    const form = await formOf(request);
    const ask = JSON.parse(String(form.get('request') ?? '{}')) as Schemas['RecommendRequest'];
    if (!(form.get('photo') instanceof Blob))
      throw new Refusal(422, 'No photo', 'photo is missing');
    send(response, 200, recommend(ask));
  } else if (route === 'POST /api/recommend/week') {
    send(response, 200, planWeek(await jsonOf<Schemas['WeekRequest']>(request)));
  } else if (request.method === 'GET' && area === 'outfits' && id) {
    const outfit = state.outfits.get(id);
    if (!outfit) throw new Refusal(404, 'Not found', 'there is no such outfit');
    send(response, 200, outfit);
  } else if (route === 'GET /api/outfits') {
    const worn = new Set(state.lessons.filter((x) => x.kind === 'wear').map((x) => x.outfit_id));
    const all = [...state.outfits.values()]
      .reverse()
      .filter((x) => (!query.get('saved') || x.is_saved) && (!query.get('worn') || worn.has(x.id)));
    const { rows, next_cursor } = page(all, query);
    send(response, 200, { outfits: rows, next_cursor });
  } else if (route === 'POST /api/feedback') {
    send(response, 201, { event: learn(await jsonOf<Schemas['FeedbackRequest']>(request)) });
  } else if (route === 'GET /api/feedback') {
    const { rows, next_cursor } = page(state.lessons, query);
    send(response, 200, { lessons: rows, next_cursor });
  } else if (request.method === 'DELETE' && area === 'feedback') {
    const undone = state.lessons.find((lesson) => lesson.id === id);
    const outfit = state.outfits.get(undone?.outfit_id ?? '');
    if (outfit && undone?.kind === 'save') outfit.is_saved = false;
    state.lessons = state.lessons.filter((lesson) => lesson !== undone);
    for (const [piece, lesson] of state.answers) if (lesson === undone) state.answers.delete(piece);
    send(response, 204);
  } else if (route === 'GET /api/taste') send(response, 200, taste());
  else return false;
  return true;
}
