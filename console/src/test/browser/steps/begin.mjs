// What later steps find there.

export const steps = [];
const step = (name, body) => steps.push([name, body]);

const ORDER = {
  StartAt: 'Check',
  States: {
    Check: { Type: 'Choice', Choices: [{ Variable: '$.total', NumericGreaterThan: 100, Next: 'Pack and charge' }], Default: 'Refuse' },
    Refuse: { Type: 'Fail', Error: 'Orders.TooSmall', Cause: 'The total is below the minimum' },
    'Pack and charge': {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Charge', States: { Charge: { Type: 'Wait', Seconds: 4, End: true } } },
        {
          StartAt: 'Pack items',
          States: {
            'Pack items': {
              Type: 'Map', ItemsPath: '$.items', MaxConcurrency: 2,
              ItemProcessor: { StartAt: 'Pack', States: { Pack: { Type: 'Wait', Seconds: 1, End: true } } }, End: true,
            },
          },
        },
      ],
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
};

step('machines are there, and a failed execution', async ({ stack, seen }) => {
  seen.orders = await stack.machine(`orders-${seen.id}`, ORDER, [{ key: 'team', value: 'shop' }]);
  await stack.machine(`other-${seen.id}`, ORDER);
  seen.small = await stack.start(seen.orders, { total: 12, items: [] });
});

step('a Map of 10,000 items is started, and goes on beside what follows', async ({ stack, seen }) => {
  const machine = await stack.machine(`many-${seen.id}`, {
    QueryLanguage: 'JSONata', StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map', Items: '{% [1..10000] %}', MaxConcurrency: 1000, ToleratedFailurePercentage: 100,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }, StartAt: 'Even',
          States: {
            Even: { Type: 'Choice', Choices: [{ Condition: '{% $states.input % 1000 = 0 %}', Next: 'Bad' }], Default: 'Good' },
            Good: { Type: 'Succeed' }, Bad: { Type: 'Fail', Error: 'Item.Bad' },
          },
        },
        Output: '{% 1 %}', End: true,
      },
    },
  });
  seen.many = await stack.start(machine);
});
