import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { startApi } from './support/api.mjs';

const PASSWORD = 'three-quiet-otters';

let api;
let support;
let ada;
let bob;

before(async () => {
  api = await startApi();
  await api.run(
    'dist/admin.js',
    ...['--username', 'root', '--email', 'root@example.com', '--password', PASSWORD],
  );
  support = await employ('clerk', 'support', await login('root'));
  ada = await signUp('ada');
  bob = await signUp('bob');
});

after(() => api.stop());

async function login(username) {
  const body = { username, password: PASSWORD };
  const { accessToken } = await expectStatus(201, 'POST', '/auth/login', { body });
  return { token: accessToken };
}

async function signUp(username) {
  const body = { username, email: `${username}@example.com`, password: PASSWORD };
  await expectStatus(201, 'POST', '/signup', { body });
  return login(username);
}

/** A user who has this role and no other. */
async function employ(username, role, admin) {
  const account = { username, email: `${username}@example.com`, password: PASSWORD };
  const { id } = await expectStatus(201, 'POST', '/user', { ...admin, body: account });
  const roles = await expectStatus(200, 'GET', '/role', admin);
  const body = { role: { id: roles.find(({ name }) => name === role).id }, assignee: { id } };
  await expectStatus(201, 'POST', '/role-assignment/user', { ...admin, body });
  return login(username);
}

/** A new order of the user's. */
async function order(user) {
  const customer = { name: 'Ada', email: 'ada@example.com' };
  const { id: customerId } = await expectStatus(201, 'POST', '/customers', {
    ...user,
    body: customer,
  });
  const body = { total: 12.5, customerId };
  return (await expectStatus(201, 'POST', '/orders', { ...user, body })).id;
}

async function expectStatus(status, method, path, options) {
  const answer = await api.request(method, path, options);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

describe('order fulfilment', () => {
  const allowed = { new: ['paid', 'cancelled'], paid: ['shipped', 'cancelled'] };
  const waysTo = {
    new: [],
    paid: ['paid'],
    shipped: ['paid', 'shipped'],
    cancelled: ['cancelled'],
  };

  for (const [from, way] of Object.entries(waysTo)) {
    for (const to of Object.keys(waysTo)) {
      const open = allowed[from]?.includes(to) ?? false;
      it(`${open ? 'lets an order go' : 'does not let an order go'} from ${from} to ${to}`, async () => {
        const path = `/order-fulfilment/${await order(ada)}`;
        for (const step of way) {
          await expectStatus(200, 'PATCH', path, { ...support, body: { to: step } });
        }
        await expectStatus(open ? 200 : 409, 'PATCH', path, { ...support, body: { to } });
        const { status, next } = await expectStatus(200, 'GET', path, support);
        assert.equal(status, open ? to : from);
        assert.deepEqual(next, allowed[status] ?? []);
      });
    }
  }

  it('lets one of two moves at once win', async () => {
    const path = `/order-fulfilment/${await order(ada)}`;
    const moves = ['cancelled', 'cancelled', 'paid', 'cancelled'].map((to) =>
      api.request('PATCH', path, { ...support, body: { to } }),
    );
    const statuses = (await Promise.all(moves)).map(({ status }) => status);
    assert.ok(statuses.every((status) => status === 200 || status === 409));
    assert.equal((await expectStatus(200, 'GET', path, support)).status, 'cancelled');
    assert.ok(statuses.filter((status) => status === 409).length >= 2, statuses.join());
  });

  it('shows a customer his own orders and no other', async () => {
    const path = `/order-fulfilment/${await order(ada)}`;
    assert.equal((await expectStatus(200, 'GET', path, ada)).status, 'new');
    await expectStatus(403, 'GET', path, bob);
    await expectStatus(401, 'GET', path);
  });

  it('lets no customer move an order', async () => {
    const path = `/order-fulfilment/${await order(ada)}`;
    await expectStatus(403, 'PATCH', path, { ...ada, body: { to: 'paid' } });
    await expectStatus(401, 'PATCH', path, { body: { to: 'paid' } });
    assert.equal((await expectStatus(200, 'GET', path, ada)).status, 'new');
  });

  it('refuses what is no status and answers 404 for an order that is not there', async () => {
    const path = `/order-fulfilment/${await order(ada)}`;
    for (const body of [{}, { to: 'lost' }, { to: 'paid', force: true }]) {
      await expectStatus(400, 'PATCH', path, { ...support, body });
    }
    const missing = `/order-fulfilment/${randomUUID()}`;
    await expectStatus(404, 'PATCH', missing, { ...support, body: { to: 'paid' } });
    await expectStatus(400, 'GET', '/order-fulfilment/1', support);
  });
});
