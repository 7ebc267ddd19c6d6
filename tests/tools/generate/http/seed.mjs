import { call, check, signUp, withApplication } from './support.mjs';

const q = encodeURIComponent;

/** Equal but for the order of keys, which jsonb does not keep. */
function same(a, b) {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return Array.isArray(value) ? value.map(sorted) : value;
  }
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key])]);
  return Object.fromEntries(entries);
}

await withApplication(async ({ admin, sql }) => {
  const A = await signUp('alice'),
    B = await signUp('bobby');

  check('anon', await call(null, 'GET', '/products'), 401);
  const c1 = await call(admin, 'POST', '/categories', { name: 'c1' });
  check('cat', c1, 201, (b) => b.name === 'c1' && b.parentId === null);
  check('cat dup', await call(admin, 'POST', '/categories', { name: 'c1' }), 409);
  check('cat user', await call(A, 'POST', '/categories', { name: 'c2' }), 403);
  const c2 = await call(admin, 'POST', '/categories', { name: 'c2', parentId: c1.body.id });
  check('cat2', c2, 201);
  check(
    'cat bad fk',
    await call(admin, 'POST', '/categories', {
      name: 'c3',
      parentId: '00000000-0000-4000-8000-000000000000',
    }),
    400,
  );
  check(
    'cat list',
    await call(A, 'GET', '/categories?join=parent'),
    200,
    (b) => b.total === 2 && b.data[1].parent?.name === 'c1' && b.page === 1 && b.pageCount === 1,
  );
  const body = {
    name: 'thing',
    price: 12.34,
    attributes: { k: { $or: [1, null], toString: 'x', length: 3, _p: 1, d: '2020-01-01' } },
    releasedAt: '2024-02-03T04:05:06.000Z',
    secret: 'hush',
    categoryId: c1.body.id,
  };
  const p = await call(A, 'POST', '/products', { ...body, userId: B.id });
  check(
    'prod',
    p,
    201,
    (b) =>
      b.userId === A.id &&
      b.price === 12.34 &&
      same(b.attributes, body.attributes) &&
      b.secret === undefined &&
      b.status === 'draft' &&
      b.stock === 0 &&
      b.releasedAt === body.releasedAt &&
      b.category.id === c1.body.id,
  );
  check(
    'prod A list',
    await call(A, 'GET', '/products'),
    200,
    (b) => b.total === 1 && b.data[0].price === 12.34,
  );
  check(
    'prod B list',
    await call(B, 'GET', '/products'),
    200,
    (b) => b.total === 0 && b.pageCount === 1,
  );
  check(
    'prod admin list',
    await call(admin, 'GET', '/products?join=user'),
    200,
    (b) =>
      b.total === 1 &&
      b.data[0].user.username === 'alice' &&
      Object.keys(b.data[0].user).length === 2,
  );
  check('prod join user by user', await call(A, 'GET', '/products?join=user'), 403);
  check('B get', await call(B, 'GET', `/products/${p.body.id}`), 403);
  check('B missing', await call(B, 'GET', `/products/00000000-0000-4000-8000-000000000000`), 403);
  check(
    'admin missing',
    await call(admin, 'GET', `/products/00000000-0000-4000-8000-000000000000`),
    404,
  );
  check('admin bad id', await call(admin, 'GET', `/products/xyz`), 400);
  check('A bad id', await call(A, 'GET', `/products/xyz`), [400, 403]);
  check('B patch', await call(B, 'PATCH', `/products/${p.body.id}`, { name: 'no' }), 403);
  check('B del', await call(B, 'DELETE', `/products/${p.body.id}`), 403);
  check('A patch owner', await call(A, 'PATCH', `/products/${p.body.id}`, { userId: B.id }), 403);
  check(
    'A patch fk',
    await call(A, 'PATCH', `/products/${p.body.id}?join=category`, { categoryId: c2.body.id }),
    200,
    (b) => b.categoryId === c2.body.id && b.category.id === c2.body.id && b.version === 2,
  );
  check(
    'A patch null name',
    await call(A, 'PATCH', `/products/${p.body.id}`, { name: null }),
    400,
    (b) => JSON.stringify(b).includes('name'),
  );
  check(
    'A patch null fk',
    await call(A, 'PATCH', `/products/${p.body.id}`, { categoryId: null }),
    200,
    (b) => b.categoryId === null && b.category == null,
  );
  check(
    'A patch id',
    await call(A, 'PATCH', `/products/${p.body.id}`, { id: p.body.id }),
    400,
    (b) => JSON.stringify(b).includes('id'),
  );
  check('A unknown prop', await call(A, 'POST', '/products', { ...body, foo: 1 }), 400, (b) =>
    JSON.stringify(b).includes('foo'),
  );
  for (const [k, v] of [
    ['price', '1'],
    ['price', 1.234],
    ['price', -1],
    ['price', 1e9],
    ['status', 'x'],
    ['stock', 1.5],
    ['stock', 3e9],
    ['active', 'yes'],
    ['releasedAt', 'no'],
    ['releasedAt', 5],
    ['releasedAt', '2020-02-31'],
    ['name', 5],
    ['name', 'x'],
    ['name', 'y'.repeat(256)],
    ['categoryId', 'z'],
    ['active', null],
  ])
    check(`bad ${k} ${v}`, await call(A, 'POST', '/products', { ...body, [k]: v }), 400, (b) =>
      JSON.stringify(b.message).includes(k),
    );
  check(
    'ctor',
    await call(A, 'POST', '/products', { ...body, attributes: { a: { constructor: 'x' } } }),
    400,
  );
  check('ctor2', await call(A, 'POST', '/products', { ...body, name: { constructor: 'x' } }), 400);
  check('nul', await call(A, 'POST', '/products', { ...body, name: 'a\0b' }), 400);
  check('json nul', await call(A, 'POST', '/products', { ...body, attributes: { a: '\0' } }), 400);
  const pb = await call(B, 'POST', '/products/bulk', {
    bulk: [body, { ...body, userId: A.id, name: 'second' }],
  });
  check(
    'bulk',
    pb,
    201,
    (b) => b.length === 2 && b.every((x) => x.userId === B.id) && b[1].name === 'second',
  );
  check(
    'bulk bad',
    await call(B, 'POST', '/products/bulk', { bulk: [body, { ...body, name: 7 }] }),
    400,
    (b) => JSON.stringify(b).includes('name'),
  );
  check('bulk empty', await call(B, 'POST', '/products/bulk', { bulk: [] }), 400);
  check(
    'bulk too many',
    await call(B, 'POST', '/products/bulk', { bulk: Array(101).fill(body) }),
    400,
  );
  check(
    'admin default owner',
    await call(admin, 'POST', '/products', body),
    201,
    (b) => b.userId !== A.id,
  );
  check(
    'admin sets owner',
    await call(admin, 'POST', '/products', { ...body, userId: A.id }),
    201,
    (b) => b.userId === A.id,
  );
  check(
    'admin moves',
    await call(admin, 'PATCH', `/products/${pb.body[0].id}`, { userId: A.id }),
    200,
    (b) => b.userId === A.id,
  );
  const stored = async () => ({
    status: 200,
    body: (await sql(`SELECT secret FROM product WHERE id = '${p.body.id}'`))[0].secret,
  });
  check('secret stored', await stored(), 200, (b) => b === 'hush');
  check(
    'secret patch',
    await call(A, 'PATCH', `/products/${p.body.id}`, { secret: 'new' }),
    200,
    (b) => b.secret === undefined,
  );
  check('secret changed', await stored(), 200, (b) => b === 'new');
  check('other patch', await call(A, 'PATCH', `/products/${p.body.id}`, { stock: 3 }), 200);
  check('secret kept', await stored(), 200, (b) => b === 'new');
  // attacks
  const list = (who, query) => call(who, 'GET', `/products?${query}`);
  const mine = (b) => b.data.every((r) => r.userId === A.id);
  for (const f of [
    '1=1) OR (ProductEntity.id||$notnull',
    'secret||$starts||h',
    'user.passwordHash||$starts||$',
    'category.name||$eq||c1x',
    'constructor||$eq||1',
    '__proto__||$eq||1',
    'nope||$eq||1',
    'id||$cont||a',
    'attributes||$eq||1',
    'stock||$eq||abc',
    'stock||$eq||99999999999',
    'status||$cont||d',
    'status||$eq||zzz',
    'active||$eq||5',
    'releasedAt||$gt||nodate',
    'userId||$eq||x',
  ])
    check('filter ' + f, await list(A, 'filter=' + q(f)), f.startsWith('category') ? 200 : 400);
  for (const f of ['1=1) OR (1', 'secret||$notnull'])
    check('or ' + f, await list(A, 'or=' + q(f)), 400);
  for (const s of [
    'name);DROP TABLE product;--,ASC',
    'secret,ASC',
    'user.username,ASC',
    'attributes,ASC',
    'name,UP',
  ])
    check('sort ' + s, await list(A, 'sort=' + q(s)), 400);
  for (const s of [
    { $or: [{ id: { $notnull: true } }, { userId: { $ne: A.id } }] },
    { name: { $or: { $eq: 'x', $ne: 'x' } } },
    {
      $and: [{ name: { $or: { $eq: 'x', $notnull: true } } }],
      $or: [{ name: 'thing' }, { id: { $notnull: true } }],
    },
    { id: { $or: { $notnull: true, $isnull: true } } },
    { $or: [{ $or: [{ $or: [{ id: { $notnull: true } }] }] }] },
  ])
    check('s ' + JSON.stringify(s), await list(A, 's=' + q(JSON.stringify(s))), 200, mine);
  for (const s of [
    '{"secret":"hush"}',
    '{"secret":{"$notnull":true}}',
    '{"$and":{}}',
    '{"$or":[]}',
    '{"name":[]}',
    '{"name":{"$foo":1}}',
    '{"name":{"$eq":{"a":1}}}',
    '[]',
    '5',
    '{"a.b.c":1}',
    '{"$not":[{"id":1}]}',
    '{"name":{"$in":"x"}}',
    '{"name":{"$between":["a"]}}',
    '{'.repeat(3),
    '{"__proto__":1}',
    JSON.stringify(Array.from({ length: 10 }).reduce((a) => ({ $and: [a] }), { name: 'x' })),
  ])
    check('s bad ' + s, await list(A, 's=' + q(s)), 400);
  for (const o of [
    'fields=secret',
    'fields=nope',
    'fields=name,secret',
    'join=nope',
    'join=category||secret',
    'join=user||passwordHash',
    'join=category.parent',
    'join=__proto__',
    'limit=0',
    'limit=-1',
    'limit=x',
    'limit=1.5',
    'page=0',
    'page=-1',
    'page=999999999',
    'offset=-1',
    'offset=9999999999999999999999',
  ])
    check(o, await list(A, o), o.startsWith('join=user') ? [400, 403] : 400);
  check('limit max', await list(admin, 'limit=100000'), 200);
  check(
    'fields',
    await list(A, 'fields=name&sort=price,DESC'),
    200,
    (b) => b.data[0].name && b.data[0].stock === undefined,
  );
  check(
    'ops',
    await list(
      A,
      'filter=' +
        q('name||$contL||THI') +
        '&filter=' +
        q('price||$between||1,20') +
        '&filter=' +
        q('status||$in||draft,in-stock') +
        '&sort=' +
        q('category.name,ASC'),
    ),
    200,
    (b) => b.total >= 1,
  );
  check(
    'filter or',
    await list(A, 'filter=' + q('name||$eq||zz') + '&or=' + q('name||$eq||thing')),
    200,
    (b) => b.total >= 1 && mine(b),
  );
  check(
    'numeric text',
    await list(A, 'filter=' + q('price||$eq||12.340')),
    200,
    (b) => b.total >= 1,
  );
  check(
    'brackets',
    await list(A, 'sort[0][a]=b&filter[x]=y&s[a]=b&limit[]=5'),
    [200, 400],
    (b) => b.total === undefined || mine(b),
  );
  check(
    'date in text',
    await list(A, 'filter=' + q('name||$eq||2024-01-02')),
    200,
    (b) => b.total === 0,
  );
  check('like escape', await list(A, 'filter=' + q('name||$cont||%')), 200, (b) => b.total === 0);
  check(
    'join filter',
    await list(A, 'join=category&filter=' + q('category.name||$eq||c1')),
    200,
    mine,
  );
  // one-record routes with s
  const evil = q(JSON.stringify({ id: { $or: { $eq: pb.body[1].id, $in: [pb.body[1].id] } } }));
  for (const m of ['GET', 'PATCH', 'DELETE']) {
    const own = await call(A, 'POST', '/products', body);
    const r = await call(
      A,
      m,
      `/products/${own.body.id}?s=${evil}&sort=name,ASC`,
      m === 'PATCH' ? { name: 'hit' } : undefined,
    );
    check('one ' + m, r, 200, (b) => m === 'DELETE' || b.id === own.body.id);
  }
  check(
    'victim alive',
    await call(B, 'GET', `/products/${pb.body[1].id}`),
    200,
    (b) => b.name === 'second',
  );
  // soft delete, include deleted, recover
  check('A del', await call(A, 'DELETE', `/products/${p.body.id}`), 200);
  check('A get deleted', await call(A, 'GET', `/products/${p.body.id}`), 404);
  check(
    'A get deleted incl',
    await call(A, 'GET', `/products/${p.body.id}?include_deleted=1`),
    200,
  );
  check(
    'A list incl',
    await list(A, 'include_deleted=1&filter=' + q('dateDeleted||$notnull')),
    200,
    (b) => b.data.some((r) => r.id === p.body.id) && mine(b),
  );
  check(
    'B incl',
    await list(B, 'include_deleted=1&s=' + q(JSON.stringify({ id: p.body.id }))),
    200,
    (b) => b.total === 0,
  );
  check('user incl cat', await call(A, 'GET', '/categories?include_deleted=1'), 403);
  check('B recover', await call(B, 'PATCH', `/products/recover/${p.body.id}`), 403);
  check(
    'A recover',
    await call(A, 'PATCH', `/products/recover/${p.body.id}`),
    200,
    (b) => b.id === p.body.id && b.dateDeleted === null,
  );
  // junction with owner path
  const t1 = await call(admin, 'POST', '/tags', { label: 't1' });
  const j = await call(A, 'POST', '/product-tags', { productId: p.body.id, tagId: t1.body.id });
  check('junction', j, 201);
  check(
    'junction dup',
    await call(A, 'POST', '/product-tags', { productId: p.body.id, tagId: t1.body.id }),
    409,
  );
  check(
    'junction foreign',
    await call(A, 'POST', '/product-tags', { productId: pb.body[1].id, tagId: t1.body.id }),
    403,
  );
  check(
    'junction bulk foreign',
    await call(A, 'POST', '/product-tags/bulk', {
      bulk: [{ productId: pb.body[1].id, tagId: t1.body.id }],
    }),
    403,
  );
  check('junction B list', await call(B, 'GET', '/product-tags'), 200, (b) => b.total === 0);
  check(
    'junction A list',
    await call(A, 'GET', '/product-tags?join=product&join=tag'),
    200,
    (b) => b.total === 1 && b.data[0].product.id === p.body.id && b.data[0].tag.label === 't1',
  );
  check('junction B get', await call(B, 'GET', `/product-tags/${j.body.id}`), 403);
  check('junction B del', await call(B, 'DELETE', `/product-tags/${j.body.id}`), 403);
  check('junction no patch', await call(admin, 'PATCH', `/product-tags/${j.body.id}`, {}), 404);
  check(
    'junction no recover',
    await call(admin, 'PATCH', `/product-tags/recover/${j.body.id}`, {}),
    404,
  );
  // delete rules
  const pc = await call(A, 'POST', '/products', body);
  check('cat restricted', await call(admin, 'DELETE', `/categories/${c1.body.id}`), 409);
  check('A del cascades', await call(A, 'DELETE', `/products/${p.body.id}`), 200);
  check('junction gone', await call(admin, 'GET', `/product-tags/${j.body.id}`), 404);
  check(
    'fk to deleted',
    await call(A, 'POST', '/product-tags', { productId: p.body.id, tagId: t1.body.id }),
    [400, 403],
  );
  const cx = await call(admin, 'POST', '/categories', { name: 'cx' });
  const cy = await call(admin, 'POST', '/categories', { name: 'cy', parentId: cx.body.id });
  check('set null', await call(admin, 'DELETE', `/categories/${cx.body.id}`), 200);
  check(
    'nulled',
    await call(admin, 'GET', `/categories/${cy.body.id}`),
    200,
    (b) => b.parentId === null,
  );
  check('reuse name', await call(admin, 'POST', '/categories', { name: 'cx' }), 201);
  check('recover clash', await call(admin, 'PATCH', `/categories/recover/${cx.body.id}`), 409);
  check('put', await call(admin, 'PUT', `/categories/${cy.body.id}`, { name: 'x' }), 404);
  check(
    'self parent',
    await call(admin, 'PATCH', `/categories/${cy.body.id}`, { parentId: cy.body.id }),
    200,
  );
  check('delete self parent', await call(admin, 'DELETE', `/categories/${cy.body.id}`), 200);
});
