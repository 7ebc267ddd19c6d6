import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApi } from './support/api.mjs';

const PASSWORD = 'three-quiet-otters';

let api;
let admin;
let ada;

before(async () => {
  api = await startApi();
  await api.run(...adminCommand());
  admin = await login('root');
  ada = await signUp('ada');
});

after(async () => {
  const { code, signal } = await api.stop();
  assert.ok(code === 0 || signal === 'SIGTERM', `the application ended with ${code ?? signal}`);
});

function adminCommand() {
  return [
    'dist/admin.js',
    '--username',
    'root',
    '--email',
    'root@example.com',
    '--password',
    PASSWORD,
  ];
}

async function signUp(username) {
  const account = { username, email: `${username}@example.com`, password: PASSWORD };
  const answer = await api.request('POST', '/signup', { body: account });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return { id: answer.body.id, ...(await login(username)) };
}

async function login(username, password = PASSWORD) {
  const answer = await api.request('POST', '/auth/login', { body: { username, password } });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return { token: answer.body.accessToken, refreshToken: answer.body.refreshToken };
}

async function roleNamed(name) {
  const { body } = await api.request('GET', '/role', admin);
  return body.find((role) => role.name === name);
}

async function expectStatus(status, method, path, options) {
  const answer = await api.request(method, path, options);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

describe('sign-up', () => {
  it('makes a user with the role user and shows no password', async () => {
    const body = { username: 'grace', email: 'grace@example.com', password: PASSWORD };
    const user = await expectStatus(201, 'POST', '/signup', { body });
    assert.equal(user.username, 'grace');
    assert.deepEqual(
      Object.keys(user).filter((key) => /password/i.test(key)),
      [],
    );
    const me = await expectStatus(200, 'GET', '/me', await login('grace'));
    assert.deepEqual(me.roles, ['user']);
    assert.equal(me.id, user.id);
    assert.ok(!('passwordHash' in me) && !('userRoles' in me));
  });

  for (const [what, change, field] of [
    ['a short username', { username: 'ab' }, 'username'],
    ['a username with spaces', { username: 'a b c' }, 'username'],
    ['no email address', { email: 'nobody' }, 'email'],
    ['a number as email', { email: 7 }, 'email'],
    ['a password that is easy to guess', { password: 'password1' }, 'password'],
    ['a password without end', { password: 'x'.repeat(73) }, 'password'],
    ['no password', { password: undefined }, 'password'],
    ['a role for himself', { roles: ['admin'] }, 'roles'],
    ['a state for himself', { active: true }, 'active'],
  ]) {
    it(`refuses ${what}, naming the field`, async () => {
      const body = { username: 'mallory', email: 'm@example.com', password: PASSWORD, ...change };
      const { message, errorCode } = await expectStatus(400, 'POST', '/signup', { body });
      assert.equal(errorCode, 'HTTP_BAD_REQUEST');
      assert.match(message.join('\n'), new RegExp(`\\b${field}\\b`));
    });
  }

  it('answers 409 for a name or address that is taken', async () => {
    const taken = { username: 'ada', email: 'new@example.com', password: PASSWORD };
    const error = await expectStatus(409, 'POST', '/signup', { body: taken });
    assert.match(error.message, /username/);
    assert.deepEqual(Object.keys(error).sort(), [
      'errorCode',
      'message',
      'statusCode',
      'timestamp',
    ]);
    const sameMail = { username: 'new', email: 'ada@example.com', password: PASSWORD };
    await expectStatus(409, 'POST', '/signup', { body: sameMail });
  });
});

describe('login and tokens', () => {
  it('refuses a wrong password, an unknown user and an empty body alike', async () => {
    for (const body of [
      { username: 'ada', password: 'wrong' },
      { username: 'nobody', password: PASSWORD },
      {},
    ]) {
      await expectStatus(401, 'POST', '/auth/login', { body });
    }
  });

  it('refreshes by the refresh token', async () => {
    const body = { refreshToken: ada.refreshToken };
    const { accessToken } = await expectStatus(201, 'POST', '/token/refresh', { body });
    await expectStatus(200, 'GET', '/me', { token: accessToken });
  });

  it('takes neither token for the other', async () => {
    await expectStatus(401, 'GET', '/me', { token: ada.refreshToken });
    await expectStatus(401, 'POST', '/token/refresh', { body: { refreshToken: ada.token } });
  });

  it('refuses forged, foreign and missing tokens', async () => {
    const [header, payload] = ada.token.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
    for (const token of [undefined, 'junk', `${header}.${payload}.AAAA`, none]) {
      await expectStatus(401, 'GET', '/me', { token });
    }
    for (const refreshToken of ['junk', '', null, 5, { a: 1 }]) {
      await expectStatus(401, 'POST', '/token/refresh', { body: { refreshToken } });
    }
  });

  it('locks out a user as soon as he is inactive', async () => {
    const bob = await signUp('bob');
    await expectStatus(200, 'PATCH', `/user/${bob.id}`, { ...admin, body: { active: false } });
    await expectStatus(401, 'GET', '/me', bob);
    await expectStatus(401, 'POST', '/token/refresh', { body: { refreshToken: bob.refreshToken } });
    await expectStatus(401, 'POST', '/auth/login', {
      body: { username: 'bob', password: PASSWORD },
    });
  });
});

describe('access control', () => {
  const routes = [
    ['GET', '/user'],
    ['GET', '/user/ID'],
    ['POST', '/user', { username: 'x', email: 'x@example.com' }],
    ['POST', '/user/bulk', { bulk: [{ username: 'x', email: 'x@example.com' }] }],
    ['PATCH', '/user/ID', { email: 'x@example.com' }],
    ['PATCH', '/user/ID', { password: 'another-quiet-otter' }],
    ['DELETE', '/user/ID'],
    ['PATCH', '/user/recover/ID'],
    ['GET', '/role'],
    ['POST', '/role', { name: 'x', description: 'x' }],
    ['PATCH', '/role/ROLE', { name: 'admin', description: 'x' }],
    ['DELETE', '/role/ROLE'],
    ['GET', '/role-assignment/user'],
    ['POST', '/role-assignment/user', { role: { id: 'ROLE' }, assignee: { id: 'ID' } }],
    [
      'POST',
      '/role-assignment/user/bulk',
      { bulk: [{ role: { id: 'ROLE' }, assignee: { id: 'ID' } }] },
    ],
    ['DELETE', '/role-assignment/user/ID'],
  ];

  for (const [method, path, body] of routes) {
    it(`keeps ${method} ${path} from anonymous callers and from users`, async () => {
      const role = await roleNamed('admin');
      const fill = (text) => text.replaceAll('ROLE', role.id).replaceAll('ID', ada.id);
      const options = body ? { body: JSON.parse(fill(JSON.stringify(body))) } : {};
      await expectStatus(401, method, fill(path), options);
      await expectStatus(403, method, fill(path), { ...options, token: ada.token });
    });
  }

  it('answers 403, not 500, to a user whose roles the rules do not know', async () => {
    const eve = await signUp('eve');
    const { id } = await roleNamed('user');
    const assignments = await expectStatus(200, 'GET', '/role-assignment/user?limit=100', admin);
    const own = assignments.find(({ assignee, role }) => assignee.id === eve.id && role.id === id);
    await expectStatus(200, 'DELETE', `/role-assignment/user/${own.id}`, admin);
    await expectStatus(403, 'GET', '/user', eve);

    const body = { name: 'stranger', description: 'Not in the rules' };
    const stranger = await expectStatus(201, 'POST', '/role', { ...admin, body });
    const assignment = { role: { id: stranger.id }, assignee: { id: eve.id } };
    await expectStatus(201, 'POST', '/role-assignment/user', { ...admin, body: assignment });
    await expectStatus(403, 'GET', '/user', eve);
    assert.deepEqual((await expectStatus(200, 'GET', '/me', eve)).roles, ['stranger']);
  });

  it('lets the administrator give a role, which counts at once', async () => {
    const carol = await signUp('carol');
    const role = await roleNamed('admin');
    const body = { role: { id: role.id }, assignee: { id: carol.id } };
    await expectStatus(403, 'GET', '/user', carol);
    await expectStatus(201, 'POST', '/role-assignment/user', { ...admin, body });
    await expectStatus(200, 'GET', '/user', carol);
    await expectStatus(409, 'POST', '/role-assignment/user', { ...admin, body });
  });

  it('keeps a password to its user: the administrator may not set it', async () => {
    const body = { password: 'another-quiet-otter' };
    await expectStatus(403, 'PATCH', `/user/${ada.id}`, { ...admin, body });
    await login('ada');
  });

  it('refuses weak passwords from the administrator too', async () => {
    for (const password of ['password1', 'x'.repeat(73), 7]) {
      const body = { username: 'weak', email: 'weak@example.com', password };
      await expectStatus(400, 'POST', '/user', { ...admin, body });
      await expectStatus(400, 'POST', '/user/bulk', { ...admin, body: { bulk: [body] } });
    }
  });

  it('lets a user with the old password set a new one, and not without it', async () => {
    const body = { username: 'second', email: 'second@example.com', password: PASSWORD };
    const second = await expectStatus(201, 'POST', '/user', { ...admin, body });
    const role = await roleNamed('admin');
    const assignment = { role: { id: role.id }, assignee: { id: second.id } };
    await expectStatus(201, 'POST', '/role-assignment/user', { ...admin, body: assignment });
    const caller = await login('second');
    const password = 'four-louder-badgers';
    for (const [status, passwordCurrent] of [
      [400, undefined],
      [400, 'wrong'],
      [200, PASSWORD],
    ]) {
      const change = { ...caller, body: { password, passwordCurrent } };
      await expectStatus(status, 'PATCH', `/user/${second.id}`, change);
    }
    await login('second', password);
  });

  it('refuses to delete a role that is in use', async () => {
    const { id } = await roleNamed('user');
    await expectStatus(409, 'DELETE', `/role/${id}`, admin);
  });
});

describe('the query language of the SDK routes', () => {
  const query = (path, parameters) => `${path}?${new URLSearchParams(parameters)}`;

  it('finds and sorts by what may be seen', async () => {
    const filter = 'username||$eq||ada';
    const found = await expectStatus(200, 'GET', query('/user', { filter }), admin);
    assert.deepEqual(
      found.map(({ id }) => id),
      [ada.id],
    );
    const sorted = query('/role', { sort: 'name,DESC', limit: '1' });
    assert.equal((await expectStatus(200, 'GET', sorted, admin)).length, 1);
  });

  it('reaches no hidden column, joins nothing and takes no SQL', async () => {
    for (const [path, parameters] of [
      ['/user', { filter: 'passwordHash||$starts||$2b$' }],
      ['/USER/', { filter: 'passwordHash||$starts||$2b$' }],
      ['/user', { 'filter[]': 'passwordHash||$starts||$2b$' }],
      ['/user', { 'filter[a]': 'passwordHash||$starts||$2b$' }],
      ['/user', { or: 'passwordHash||$starts||$2b$' }],
      ['/user', { s: '{"passwordHash":{"$starts":"$2b$"}}' }],
      ['/user', { sort: 'passwordHash,ASC' }],
      ['/user', { fields: 'passwordHash' }],
      ['/user', { select: 'passwordHash' }],
      ['/user', { join: 'userRoles' }],
      ['/user', { include_deleted: '1' }],
      ['/user', { filter: '1=1) OR (UserEntity.id||$notnull' }],
      ['/user', { sort: 'id;DROP TABLE role,ASC' }],
      ['/role', { join: 'assignees' }],
      ['/role', { filter: 'assignees.assignee.passwordHash||$notnull' }],
      ['/role-assignment/user', { filter: 'assignee.passwordHash||$starts||$2b$' }],
      ['/role-assignment/user', { sort: 'assignee.passwordHash,ASC' }],
    ]) {
      const { message } = await expectStatus(400, 'GET', query(path, parameters), admin);
      assert.match(message[0], /is not allowed here/);
    }
  });

  it('cannot lead a write to another record', async () => {
    const dan = await signUp('dan');
    const s = JSON.stringify({ id: { $or: { $eq: dan.id } } });
    const body = { active: false };
    await expectStatus(400, 'PATCH', query(`/user/${ada.id}`, { s }), { ...admin, body });
    await expectStatus(
      400,
      'DELETE',
      query(`/user/${ada.id}`, { or: `id||$eq||${dan.id}` }),
      admin,
    );
    await expectStatus(200, 'GET', '/me', dan);
    await expectStatus(200, 'GET', '/me', ada);
  });

  it('answers without a password hash', async () => {
    for (const path of ['/user', `/user/${ada.id}`, '/role', '/role-assignment/user']) {
      const body = await expectStatus(200, 'GET', path, admin);
      assert.doesNotMatch(JSON.stringify(body), /password|\$2b\$/i);
    }
  });
});

describe('errors', () => {
  it('have one shape and the right status', async () => {
    const uuid = '00000000-0000-4000-8000-000000000000';
    await expectStatus(404, 'GET', '/nowhere');
    await expectStatus(404, 'GET', `/user/${uuid}`, admin);
    await expectStatus(400, 'GET', '/role-assignment/user/nonsense', admin);
    await expectStatus(404, 'GET', '/role-assignment/nothing', admin);
    await expectStatus(400, 'POST', '/signup', { body: '{"username":' });
    await expectStatus(413, 'POST', '/signup', { body: { username: 'x'.repeat(2_000_000) } });
    await expectStatus(400, 'GET', '/user/%E0%A4%A', admin);
    const dangling = { role: { id: uuid }, assignee: { id: ada.id } };
    await expectStatus(409, 'POST', '/role-assignment/user', { ...admin, body: dangling });
  });

  it('do not come from NUL characters in text', async () => {
    const body = { username: 'ada\u0000', password: PASSWORD };
    await expectStatus(401, 'POST', '/auth/login', { body });
    const role = { name: 'a\u0000b', description: 'x' };
    await expectStatus(400, 'POST', '/role', { ...admin, body: role });
  });
});

describe('operation', () => {
  it('makes the administrator once, however often asked', async () => {
    const { stdout } = await api.run(...adminCommand());
    assert.match(stdout, /root was already an administrator/);
    const users = await expectStatus(200, 'GET', '/user?limit=100', admin);
    assert.equal(users.filter(({ username }) => username === 'root').length, 1);
  });

  it('tells what is wrong with the account of an administrator', async () => {
    for (const [args, reason] of [
      [['--username', 'x'], /username.*email.*password.*Usage/s],
      [['--nonsense'], /nonsense/],
      [['--username', 'weak', '--email', 'w@example.com', '--password', '12345678'], /guess/],
      [
        ['--username', 'new', '--email', 'ada@example.com', '--password', PASSWORD],
        /email already/,
      ],
    ]) {
      await assert.rejects(api.run('dist/admin.js', ...args), (error) => {
        assert.match(error.stderr, reason);
        assert.doesNotMatch(error.stderr, /^ +at /m);
        return error.code === 1;
      });
    }
  });

  it('describes itself by OpenAPI', async () => {
    const { paths } = await expectStatus(200, 'GET', '/api-json');
    assert.ok(paths['/signup'].post && paths['/me'].get.security);
    await expectStatus(200, 'GET', '/api');
  });

  it('does not start in production without secrets', async () => {
    const production = "process.env.NODE_ENV = 'production';";
    for (const set of ['', "process.env.JWT_MODULE_ACCESS_SECRET = 'short';"]) {
      const unset =
        "for (const n of ['ACCESS', 'REFRESH']) delete process.env[`JWT_MODULE_${n}_SECRET`];";
      const script = `${unset}${production}${set}require('./dist/main.js')`;
      await assert.rejects(api.run('-e', script), /JWT_MODULE_ACCESS_SECRET must be set/);
    }
  });
});
