// The API as the test's own client calls it: what the console shows must be what others see.

export class Stack {
  #headers;

  /** @param key an API key; undefined: nobody is asked */
  constructor(endpoint, key) {
    this.endpoint = endpoint;
    this.#headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  }

  /** What is under /api. */
  async rest(method, path, body) {
    const response = await fetch(`${this.endpoint}/api${path}`, {
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${text}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }

  async call(action, parameters = {}) {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: { ...this.#headers, 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `AWSStepFunctions.${action}` },
      body: JSON.stringify(parameters),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`${action}: ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  async machine(name, definition, tags = []) {
    const { stateMachineArn } = await this.call('CreateStateMachine', {
      name, roleArn: 'arn:aws:iam::000000000000:role/any', definition: JSON.stringify(definition), tags,
    });
    return stateMachineArn;
  }

  async start(stateMachineArn, input = {}, name = undefined) {
    const { executionArn } = await this.call('StartExecution', { stateMachineArn, input: JSON.stringify(input), ...(name ? { name } : {}) });
    return executionArn;
  }

  async ended(executionArn, patience = 60_000) {
    const until = Date.now() + patience;
    for (;;) {
      const execution = await this.call('DescribeExecution', { executionArn });
      if (execution.status !== 'RUNNING') {
        return execution;
      }
      if (Date.now() > until) {
        throw new Error(`${executionArn} still runs after ${patience} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Text that would do something if any place took it for more than text. */
export const HOSTILE = [
  '<img src=x onerror="window.pwned=1">',
  '"><script>window.pwned=2</script>',
  "javascript:window.pwned=3",
  '<svg onload=window.pwned=4>',
  '{{constructor.constructor("window.pwned=5")()}}',
  '\u202Eevil\u202C \u0007 \u001b[31m',
];
