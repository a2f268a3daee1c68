// What a template of CloudFormation says about Step Functions, with its functions worked out.

const MACHINE = 'AWS::StepFunctions::StateMachine';
const ACTIVITY = 'AWS::StepFunctions::Activity';

/** The template has something that nobody here carries out. */
export class UnsupportedTemplate extends Error {}

/**
 * The activities and state machines of a template, each behind those that it refers to.
 *
 * @param template as `cdk synth` writes it
 * @param place where it is deployed: `region`, `account`
 * @returns of each `kind` ('activity' or 'machine'), `name`, `arn`, `tags`; of machines `definition` (text), `roleArn`, `type`
 * @throws UnsupportedTemplate
 */
export function resources(template, place) {
  const declared = Object.entries(template.Resources ?? {});
  const others = declared.filter(([, { Type }]) => Type !== MACHINE && Type !== ACTIVITY);
  if (others.length > 0) {
    throw new UnsupportedTemplate(
      `Only state machines and activities can be deployed, not ${others.map(([id, { Type }]) => `${id} (${Type})`).join(', ')}`,
    );
  }
  const scope = { template, place };
  return inOrder(declared).map(([id, { Type, Properties }]) => {
    const tags = (Properties.Tags ?? []).map(({ Key, Value }) => ({ key: Key, value: text(Value, scope) }));
    const common = { name: nameOf(id, template), arn: arnOf(id, scope), tags };
    return Type === ACTIVITY
      ? { kind: 'activity', ...common }
      : {
          kind: 'machine',
          ...common,
          definition: definition(id, Properties, scope),
          roleArn: text(Properties.RoleArn, scope),
          type: Properties.StateMachineType ?? 'STANDARD',
        };
  });
}

function inOrder(declared) {
  const ordered = [];
  const visiting = new Set();
  const byId = new Map(declared);
  const visit = (id) => {
    if (ordered.some(([other]) => other === id)) return;
    if (visiting.has(id)) throw new UnsupportedTemplate(`${id} refers to itself`);
    visiting.add(id);
    const { Properties, DependsOn } = byId.get(id);
    references(Properties).concat(DependsOn ?? []).filter((other) => byId.has(other)).forEach(visit);
    ordered.push([id, byId.get(id)]);
  };
  declared.forEach(([id]) => visit(id));
  return ordered;
}

function references(value) {
  if (Array.isArray(value)) return value.flatMap(references);
  if (value === null || typeof value !== 'object') return [];
  if (typeof value.Ref === 'string') return [value.Ref];
  if (Array.isArray(value['Fn::GetAtt'])) return [value['Fn::GetAtt'][0]];
  if ('Fn::Sub' in value) {
    const [pattern, values] = [value['Fn::Sub']].flat();
    return [...pattern.matchAll(/\$\{([^}.]+)/g)].map(([, name]) => name).concat(references(values ?? {}));
  }
  return Object.values(value).flatMap(references);
}

function nameOf(id, { Resources }) {
  const { Type, Properties } = Resources[id];
  return (Type === ACTIVITY ? Properties.Name : Properties.StateMachineName) ?? id;
}

function arnOf(id, { template, place }) {
  const kind = template.Resources[id].Type === ACTIVITY ? 'activity' : 'stateMachine';
  return `arn:aws:states:${place.region}:${place.account}:${kind}:${nameOf(id, template)}`;
}

function definition(id, properties, scope) {
  if (properties.DefinitionS3Location) {
    throw new UnsupportedTemplate(`The definition of ${id} is in S3; put it into the template`);
  }
  const written = properties.DefinitionString
    ? text(properties.DefinitionString, scope)
    : JSON.stringify(properties.Definition);
  return Object.entries(properties.DefinitionSubstitutions ?? {}).reduce(
    (found, [name, value]) => found.replaceAll('${' + name + '}', text(value, scope)),
    written,
  );
}

function text(value, scope) {
  if (value === null || typeof value !== 'object') return String(value);
  const [[name, argument], ...more] = Object.entries(value);
  if (more.length === 0) {
    switch (name) {
      case 'Ref':
        return reference(argument, scope);
      case 'Fn::GetAtt':
        return attribute(argument, scope);
      case 'Fn::Join':
        return argument[1].map((part) => text(part, scope)).join(argument[0]);
      case 'Fn::Sub':
        return substitute(argument, scope);
    }
  }
  throw new UnsupportedTemplate(`${JSON.stringify(value)} can't be worked out here`);
}

function reference(name, scope) {
  switch (name) {
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::Region':
      return scope.place.region;
    case 'AWS::AccountId':
      return scope.place.account;
  }
  if (scope.template.Resources[name]) return arnOf(name, scope);
  throw new UnsupportedTemplate(`There is no ${name} in the template that could be referred to`);
}

function attribute([id, attribute], scope) {
  if (scope.template.Resources[id]) {
    if (attribute === 'Arn') return arnOf(id, scope);
    if (attribute === 'Name') return nameOf(id, scope.template);
  }
  throw new UnsupportedTemplate(`${id}.${attribute} isn't known here`);
}

function substitute(argument, scope) {
  const [pattern, values] = Array.isArray(argument) ? argument : [argument, {}];
  return pattern.replace(/\$\{([^}]+)}/g, (_, name) => {
    if (name in values) return text(values[name], scope);
    const [id, ...path] = name.split('.');
    return path.length > 0 ? attribute([id, path.join('.')], scope) : reference(name, scope);
  });
}
