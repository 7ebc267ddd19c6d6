import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { startApi } from './support/api.mjs';

const PASSWORD = 'three-quiet-otters';

let api;
let admin;
let support;
let ada;
let orderId;

before(async () => {
  api = await startApi();
  await api.run(
    'dist/admin.js',
    ...['--username', 'root', '--email', 'root@example.com', '--password', PASSWORD],
  );
  admin = await login('root');
  support = await employ('clerk', 'support');
  ada = await signUp('ada');
  const customer = { name: 'Ada', email: 'shop@ada.example.com' };
  const { id: customerId } = await expectStatus(201, 'POST', '/customers', {
    ...ada,
    body: customer,
  });
  const order = { total: 12.5, customerId };
  orderId = (await expectStatus(201, 'POST', '/orders', { ...ada, body: order })).id;
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
async function employ(username, role) {
  const account = { username, email: `${username}@example.com`, password: PASSWORD };
  const { id } = await expectStatus(201, 'POST', '/user', { ...admin, body: account });
  const roles = await expectStatus(200, 'GET', '/role', admin);
  const body = { role: { id: roles.find(({ name }) => name === role).id }, assignee: { id } };
  await expectStatus(201, 'POST', '/role-assignment/user', { ...admin, body });
  return login(username);
}

async function notices() {
  return (await expectStatus(200, 'GET', '/order-notices', support)).data;
}

async function expectStatus(status, method, path, options) {
  const answer = await api.request(method, path, options);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

describe('order reminders', () => {
  it('go to the customer of the order and are on record as sent', async () => {
    const body = { orderId, message: 'Your order waits for its payment.' };
    const sent = await expectStatus(201, 'POST', '/order-reminders', { ...support, body });
    assert.equal(sent.state, 'sent');
    assert.equal(sent.recipient, 'shop@ada.example.com');
    const recorded = (await notices()).find(({ id }) => id === sent.id);
    assert.deepEqual({ ...recorded }, { ...sent });
  });

  it('are for support and administrators only', async () => {
    const before = (await notices()).length;
    const body = { orderId, message: 'For nobody.' };
    await expectStatus(401, 'POST', '/order-reminders', { body });
    await expectStatus(403, 'POST', '/order-reminders', { ...ada, body });
    assert.equal((await notices()).length, before);
    await expectStatus(201, 'POST', '/order-reminders', { ...admin, body });
  });

  for (const [what, change] of [
    ['no message', { message: undefined }],
    ['an empty message', { message: '' }],
    ['a message without end', { message: 'x'.repeat(2001) }],
    ['what is no id', { orderId: 'first' }],
    ['a recipient of the caller', { recipient: 'mallory@example.com' }],
  ]) {
    it(`refuse ${what}, and nothing is recorded`, async () => {
      const before = (await notices()).length;
      const body = { orderId, message: 'Hello', ...change };
      await expectStatus(400, 'POST', '/order-reminders', { ...support, body });
      assert.equal((await notices()).length, before);
    });
  }

  it('answer 404 for an order that is not there', async () => {
    const body = { orderId: randomUUID(), message: 'Hello' };
    await expectStatus(404, 'POST', '/order-reminders', { ...support, body });
  });
});
