// A line of JSON per test that ended and per piece of text a spec printed, for `run.py`. Everything
// is encoded, so that no spec can print what looks like a result.

const KEPT = 4_000;
const MOST_PRINTED = 1_000_000;

export default async function* report(source) {
  const printed = new Map();
  let room = MOST_PRINTED;
  for await (const { type, data } of source) {
    if (type === 'test:pass' || type === 'test:fail') {
      yield line({ test: told(type === 'test:pass', data, printed.get(data.file)) });
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      printed.set(data.file, ((printed.get(data.file) ?? '') + data.message).slice(-KEPT));
      const text = data.message.slice(0, room);
      room -= text.length;
      if (text) yield line({ printed: text });
    }
  }
}

function told(passed, { name, file, line, nesting, skip, todo, details }, printed) {
  const error = details?.error;
  const cause = error?.cause ?? error;
  return {
    passed,
    name,
    file: file ?? null,
    line: line ?? null,
    nesting,
    kind: details?.type ?? 'test',
    left: skip !== undefined || todo !== undefined,
    failure: error?.failureType ?? null,
    message: passed ? '' : String(cause?.message ?? cause),
    stack: passed ? '' : String(cause?.stack ?? ''),
    printed: passed ? '' : (printed ?? ''),
  };
}

function line(value) {
  return `${JSON.stringify(value)}\n`;
}
