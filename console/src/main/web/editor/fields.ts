import type { Spot, StateType } from '../asl/edit';
import type { Kind } from './ValueField';

/** A field of a state: in which language it is one, and whether it is shown before it is there. */
export interface Field {
  name: string;
  kind: Kind;
  language?: Spot['language'];
  isMain?: boolean;
}

const main = (name: string, kind: Kind, language?: Spot['language']): Field => ({ name, kind, isMain: true, ...(language ? { language } : {}) });
const more = (name: string, kind: Kind, language?: Spot['language']): Field => ({ name, kind, ...(language ? { language } : {}) });

const INPUT: Field[] = [main('Arguments', 'json', 'JSONata'), main('Parameters', 'json', 'JSONPath')];
const RESULT: Field[] = [more('ResultSelector', 'json', 'JSONPath'), more('ResultPath', 'path', 'JSONPath')];
const FLOW: Field[] = [more('InputPath', 'path', 'JSONPath'), more('OutputPath', 'path', 'JSONPath'), more('Output', 'json', 'JSONata')];
const ASSIGN: Field[] = [more('Assign', 'json')];
const COMMENT: Field[] = [more('Comment', 'text')];

const OWN: Record<StateType, Field[]> = {
  Task: [main('Resource', 'text'), ...INPUT, more('TimeoutSeconds', 'number'), more('HeartbeatSeconds', 'number'), more('Credentials', 'json'), ...RESULT, ...FLOW, ...ASSIGN],
  Pass: [main('Result', 'json', 'JSONPath'), more('Parameters', 'json', 'JSONPath'), main('Output', 'json', 'JSONata'), more('ResultPath', 'path', 'JSONPath'),
    ...FLOW.filter(({ name }) => name !== 'Output'), ...ASSIGN],
  Wait: [main('Seconds', 'number'), more('Timestamp', 'text'), more('SecondsPath', 'path', 'JSONPath'), more('TimestampPath', 'path', 'JSONPath'), ...FLOW, ...ASSIGN],
  Choice: [...FLOW, ...ASSIGN],
  Succeed: FLOW,
  Fail: [main('Error', 'text'), main('Cause', 'text'), more('ErrorPath', 'path', 'JSONPath'), more('CausePath', 'path', 'JSONPath')],
  Parallel: [...INPUT.map(({ isMain: _, ...field }) => field), ...RESULT, ...FLOW, ...ASSIGN],
  Map: [
    main('Items', 'json', 'JSONata'), main('ItemsPath', 'path', 'JSONPath'), more('ItemSelector', 'json'), main('MaxConcurrency', 'number'), more('ItemReader', 'json'),
    more('ItemBatcher', 'json'), more('ResultWriter', 'json'), more('ToleratedFailurePercentage', 'number'), more('ToleratedFailureCount', 'number'), more('Label', 'text'),
    ...RESULT, ...FLOW, ...ASSIGN],
};

export const fieldsOf = (type: string, language: Spot['language']): Field[] =>
  [...(OWN[type as StateType] ?? []), ...COMMENT].filter((field) => field.language === undefined || field.language === language);

const NAMES: Field[] = [main('ErrorEquals', 'list')];

/** Of rules; where a rule leads is no field of it but a way. */
export const RETRIER: Field[] = [
  ...NAMES, main('IntervalSeconds', 'number'), main('MaxAttempts', 'number'), main('BackoffRate', 'number'), main('MaxDelaySeconds', 'number'), main('JitterStrategy', 'text')];

export const catcherOf = (language: Spot['language']): Field[] =>
  [...NAMES, ...(language === 'JSONata' ? [main('Output', 'json')] : [main('ResultPath', 'path')]), main('Assign', 'json')];
