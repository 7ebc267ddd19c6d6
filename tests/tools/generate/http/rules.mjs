import { call, check, make, Raw, signUp, withApplication } from './support.mjs';

const q = encodeURIComponent;

await withApplication(async ({ admin }) => {
  const A = await signUp('alice'),
    B = await signUp('bobby'),
    M = await signUp('mandy');
  const roles = (await call(admin, 'GET', '/role')).body;
  const rl = Array.isArray(roles) ? roles : roles.data;
  const mgr = rl.find((r) => r.name === 'manager');
  check(
    'assign',
    await call(admin, 'POST', '/role-assignment/user', {
      role: { id: mgr.id },
      assignee: { id: M.id },
    }),
    201,
  );
  const pa = await make(A, '/projects', { name: 'PA' }),
    pb = await make(B, '/projects', { name: 'PB' });
  const ta = await make(A, '/tasks', { title: 'ta', projectId: pa.id, hidden: 'h' }),
    tb = await make(B, '/tasks', { title: 'tb', projectId: pb.id });
  // several roles: any wins
  check('M lists all', await call(M, 'GET', '/projects'), 200, (b) => b.total === 2);
  check('M updates any', await call(M, 'PATCH', `/projects/${pa.id}`, { name: 'PA2' }), 200);
  check('M moves owner', await call(M, 'PATCH', `/projects/${pa.id}`, { userId: A.id }), 200);
  check('M deletes own only', await call(M, 'DELETE', `/projects/${pa.id}`), 403);
  check(
    'M creates own',
    await call(M, 'POST', '/projects', { name: 'PM', userId: A.id }),
    201,
    (b) => b.userId === M.id,
  );
  check('M incl deleted', await call(M, 'GET', `/projects?include_deleted=1`), 200);
  check('M tasks incl deleted', await call(M, 'GET', `/tasks?include_deleted=1`), 403);
  // manager holds project with any on some -> fk to foreign project ok by reference, but owner path check on own create
  check('M task in PA', await call(M, 'POST', '/tasks', { title: 'x', projectId: pa.id }), 403);
  // owner path
  check('A task in PB', await call(A, 'POST', '/tasks', { title: 'x', projectId: pb.id }), 403);
  check('A move task to PB', await call(A, 'PATCH', `/tasks/${ta.id}`, { projectId: pb.id }), 403);
  check('A blockedBy tb', await call(A, 'PATCH', `/tasks/${ta.id}`, { blockedById: tb.id }), 403);
  check(
    'A blockedBy self',
    await call(A, 'PATCH', `/tasks/${ta.id}`, { blockedById: ta.id.toUpperCase() }),
    200,
  );
  check(
    'A task missing project',
    await call(A, 'POST', '/tasks', {
      title: 'x',
      projectId: '00000000-0000-4000-8000-000000000001',
    }),
    403,
  );
  check(
    'admin task missing project',
    await call(admin, 'POST', '/tasks', {
      title: 'x',
      projectId: '00000000-0000-4000-8000-000000000001',
    }),
    400,
    (b) => JSON.stringify(b).includes('projectId'),
  );
  const ca = await make(A, '/comments', { text: 'c', taskId: ta.id, userId: B.id });
  check(
    'A comment eager',
    { status: 200, body: ca },
    200,
    (b) => b.task.id === ta.id && b.task.hidden === undefined,
  );
  check('A comment on tb', await call(A, 'POST', '/comments', { text: 'c', taskId: tb.id }), 403);
  check(
    'A comment bad mention',
    await call(A, 'POST', '/comments', {
      text: 'c',
      taskId: ta.id,
      userId: '00000000-0000-4000-8000-000000000001',
    }),
    400,
  );
  check('B comments', await call(B, 'GET', '/comments'), 200, (b) => b.total === 0);
  check('B comment', await call(B, 'GET', `/comments/${ca.id}`), 403);
  check('B del comment', await call(B, 'DELETE', `/comments/${ca.id}`), 403);
  check(
    'A list filter hidden via join',
    await call(A, 'GET', `/comments?join=task&filter=${q('task.hidden||$eq||h')}`),
    400,
  );
  check(
    'A list filter join',
    await call(A, 'GET', `/comments?filter=${q('task.title||$eq||ta')}`),
    200,
    (b) => b.total === 1,
  );
  // own join restriction: admin puts a foreign reference
  check(
    'admin: blockedBy foreign',
    await call(admin, 'PATCH', `/tasks/${ta.id}`, { blockedById: tb.id }),
    200,
    (b) => b.blockedById === tb.id,
  );
  check(
    'A join foreign',
    await call(A, 'GET', `/tasks/${ta.id}?join=blockedBy&join=project`),
    200,
    (b) => b.blockedBy == null && b.project.id === pa.id,
  );
  check(
    'A join filter foreign leak',
    await call(A, 'GET', `/tasks?join=blockedBy&filter=${q('blockedBy.title||$eq||tb')}`),
    200,
    (b) => b.total === 0,
  );
  check(
    'admin join',
    await call(admin, 'GET', `/tasks/${ta.id}?join=blockedBy`),
    200,
    (b) => b.blockedBy.title === 'tb' && b.blockedBy.hidden === undefined,
  );
  check(
    'to many join',
    await call(A, 'GET', `/projects/${pa.id}?join=tasks`),
    200,
    (b) => b.tasks.length === 1,
  );
  check(
    'to many join select',
    await call(A, 'GET', `/projects?join=${q('tasks||title')}&sort=tasks.title,DESC&limit=1`),
    200,
    (b) => b.data[0].tasks[0].title === 'ta' && b.data[0].tasks[0].projectId === undefined,
  );
  check(
    'to many own any reader',
    await call(M, 'GET', `/projects?join=tasks`),
    200,
    (b) => b.total === 3,
  );
  check('user join user via mentions', await call(A, 'GET', `/comments?join=mentions`), 403);
  check(
    'admin join mentions',
    await call(admin, 'GET', `/comments?join=mentions`),
    200,
    (b) => b.data[0].mentions.username === 'bobby',
  );
  check(
    'sdk secret filter',
    await call(
      admin,
      'GET',
      `/comments?join=mentions&filter=${q('mentions.passwordHash||$starts||$2')}`,
    ),
    400,
  );
  check(
    'sdk secret field',
    await call(admin, 'GET', `/comments?join=${q('mentions||passwordHash')}`),
    400,
  );
  check(
    'sdk email',
    await call(admin, 'GET', `/comments?join=mentions&sort=mentions.email,ASC`),
    400,
  );
  // restrict
  const inv = await make(admin, '/invoices', { number: '1', projectId: pa.id });
  check('restrict', await call(A, 'DELETE', `/projects/${pa.id}`), 409);
  check('task alive', await call(A, 'GET', `/tasks/${ta.id}`), 200);
  check('inv del', await call(admin, 'DELETE', `/invoices/${inv.id}`), 200);
  const note = await make(A, '/notes', { text: 'n', projectId: pa.id, creatorId: B.id });
  check('note owner', { status: 200, body: note }, 200, (b) => b.creatorId === A.id);
  check(
    'note foreign project',
    await call(A, 'POST', '/notes', { text: 'n', projectId: pb.id }),
    403,
  );
  check('note owner update', await call(A, 'PATCH', `/notes/${note.id}`, { creatorId: A.id }), 403);
  check('note admin any owner', await call(admin, 'POST', '/notes', { text: 'n' }), 201);
  check(
    'A unlink note',
    await call(A, 'PATCH', `/notes/${note.id}`, { projectId: null }),
    200,
    (b) => b.projectId === null,
  );
  check('A relink note', await call(A, 'PATCH', `/notes/${note.id}`, { projectId: pa.id }), 200);
  check('A deletes note', await call(A, 'DELETE', `/notes/${note.id}`), 200);
  const note2 = await make(A, '/notes', { text: 'n2', projectId: pa.id });
  check('A deletes project', await call(A, 'DELETE', `/projects/${pa.id}`), 200);
  check('task gone', await call(A, 'GET', `/tasks/${ta.id}`), 404);
  check('comment gone', await call(admin, 'GET', `/comments/${ca.id}`), 404);
  check(
    'note2 freed',
    await call(A, 'GET', `/notes/${note2.id}`),
    200,
    (b) => b.projectId === null,
  );
  check(
    'note recovered',
    await call(A, 'PATCH', `/notes/recover/${note.id}`),
    200,
    (b) => b.projectId === null,
  );
  check('invoice recover refused', await call(admin, 'PATCH', `/invoices/recover/${inv.id}`), 409);
  check('task recover refused', await call(A, 'PATCH', `/tasks/recover/${ta.id}`), 409);
  check('B recover project', await call(B, 'PATCH', `/projects/recover/${pa.id}`), 403);
  check('project recover', await call(A, 'PATCH', `/projects/recover/${pa.id}`), 200);
  check(
    'task recover',
    await call(A, 'PATCH', `/tasks/recover/${ta.id}`),
    200,
    (b) => b.blockedById === tb.id,
  );
  check('recover again', await call(A, 'PATCH', `/tasks/recover/${ta.id}`), 200);
  check('set null self', await call(B, 'DELETE', `/tasks/${tb.id}`), 200);
  check('nulled', await call(A, 'GET', `/tasks/${ta.id}`), 200, (b) => b.blockedById === null);
  // one to one
  const person = await make(admin, '/people', { name: 'p' });
  const pass = await make(admin, '/passports', { number: '1', personId: person.id });
  check(
    'second passport',
    await call(admin, 'POST', '/passports', { number: '2', personId: person.id }),
    409,
  );
  const lic = await make(admin, '/licenses', { number: '1', personId: person.id });
  check(
    'second license',
    await call(admin, 'POST', '/licenses', { number: '2', personId: person.id }),
    409,
  );
  check(
    'inverse',
    await call(A, 'GET', `/people/${person.id}?join=passport&join=license`),
    200,
    (b) => b.passport.id === pass.id && b.license.id === lic.id,
  );
  check('inverse forbidden', await call(A, 'GET', `/people/${person.id}?join=visits`), 403);
  check('del passport', await call(admin, 'DELETE', `/passports/${pass.id}`), 200);
  check(
    'inverse none',
    await call(A, 'GET', `/people/${person.id}?join=passport`),
    200,
    (b) => b.passport == null,
  );
  check(
    'new passport',
    await call(admin, 'POST', '/passports', { number: '2', personId: person.id }),
    201,
  );
  check('recover old clash', await call(admin, 'PATCH', `/passports/recover/${pass.id}`), 409);
  check(
    'visits',
    await call(admin, 'POST', '/visits/bulk', {
      bulk: Array.from({ length: 30 }, (_, i) => ({
        at: `2024-01-${String(i + 1).padStart(2, '0')}`,
        personId: person.id,
      })),
    }),
    201,
    (b) => b.length === 30 && b[3].at.startsWith('2024-01-04'),
  );
  check(
    'page',
    await call(admin, 'GET', '/visits?limit=7&page=5&sort=at,ASC'),
    200,
    (b) => b.count === 2 && b.total === 30 && b.pageCount === 5 && b.page === 5,
  );
  check('default limit', await call(admin, 'GET', '/visits'), 200, (b) => b.count === 20);
  check(
    'date filter',
    await call(admin, 'GET', `/visits?filter=${q('at||$gte||2024-01-29')}`),
    200,
    (b) => b.total === 2,
  );
  check(
    'join to many paging',
    await call(admin, 'GET', `/people?join=visits&limit=1`),
    200,
    (b) => b.data[0].visits.length === 30 && b.total === 1,
  );
  check('delete person', await call(admin, 'DELETE', `/people/${person.id}`), 200);
  check('visits gone', await call(admin, 'GET', '/visits'), 200, (b) => b.total === 0);
  check('license gone', await call(admin, 'GET', `/licenses/${lic.id}`), 404);
  // create only
  check(
    'post create',
    await call(A, 'POST', '/posts', { text: 'x', userId: B.id }),
    201,
    (b) => b.userId === A.id,
  );
  check('post list', await call(A, 'GET', '/posts'), 403);
  check('post one', await call(admin, 'GET', '/posts/00000000-0000-4000-8000-000000000001'), 404);
  check(
    'create bad query',
    await call(A, 'POST', `/projects?s=${q('{"nope":1}')}`, { name: 'Q' }),
    [201, 400],
  );
  check('create join refused', await call(A, 'POST', `/projects?join=user`, { name: 'Q2' }), 403);
  check(
    'not created',
    await call(A, 'GET', `/projects?filter=${q('name||$eq||Q2')}`),
    200,
    (b) => b.total === 0,
  );
  check(
    'bulk atomic',
    await call(A, 'POST', `/projects/bulk`, { bulk: [{ name: 'X1' }, { name: 'X1' }] }),
    409,
  );
  check(
    'bulk none',
    await call(A, 'GET', `/projects?filter=${q('name||$eq||X1')}`),
    200,
    (b) => b.total === 0,
  );
  const ps = await Promise.all(
    Array.from({ length: 20 }, (_, i) => call(A, 'POST', '/projects', { name: `par${i}` })),
  );
  check(
    'parallel',
    { status: ps.every((p) => p.status === 201) ? 200 : 500, body: ps.map((p) => p.status) },
    200,
  );
  const same = await Promise.all(
    Array.from({ length: 10 }, () => call(A, 'POST', '/projects', { name: `same` })),
  );
  check(
    'race unique',
    { status: 200, body: same.map((p) => p.status) },
    200,
    (b) => b.filter((s) => s === 201).length === 1 && b.filter((s) => s === 409).length === 9,
  );
  for (const body of [
    [],
    'x',
    null,
    5,
    { bulk: 'x' },
    { name: { $gt: '' } },
    { name: ['a'] },
    { __proto__x: 1 },
    {},
  ])
    check('weird ' + JSON.stringify(body), await call(A, 'POST', '/projects', body), 400);
  check('weird patch', await call(A, 'PATCH', `/projects/${pa.id}`, {}), 200);
  check('patch array', await call(A, 'PATCH', `/projects/${pa.id}`, []), [200, 400]);
  check('tiny float ', await call(A, 'GET', `/projects?limit=1e-7`), 400);
  check(
    'deep',
    await call(
      A,
      'POST',
      '/projects',
      new Raw('{"name":' + '['.repeat(5000) + ']'.repeat(5000) + '}'),
    ),
    400,
  );
});
