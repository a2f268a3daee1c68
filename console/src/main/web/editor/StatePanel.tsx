import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { treeOf } from '../asl/changes';
import {
  addBranch, addRule, connect, disconnect, mayCatch, redirect, removeBranch, removeState, renameState, setField, type Edited, type Spot,
} from '../asl/edit';
import { isObject, type Way } from '../asl/graph';
import { find, flat, printed, type Path, type Tree } from '../asl/tree';
import { useText } from '../i18n';
import { catcherOf, fieldsOf, RETRIER, type Field } from './fields';
import { ValueField } from './ValueField';

/** Makes an edit of what is written by now, which may be more than what is shown. */
export type Edit = (make: (now: unknown) => Edited) => void;

interface Props {
  tree: Tree;
  spot: Spot;
  /** Where it leads. */
  ways: readonly Way[];
  /** The states beside it. */
  siblings: readonly string[];
  way: Way | undefined;
  onWay: (way: Way) => void;
  onSelect: (state: string) => void;
  edit: Edit;
}

/** All that can be done with a state other than by dragging, which this is the other way of doing, too. */
export function StatePanel(props: Props) {
  const { tree, spot, edit } = props;
  const t = useText();
  const [more, setMore] = useState<string[]>([]);
  const { state, name, language } = spot;
  const fields = fieldsOf(String(state.Type), language);
  const isShown = (field: Field) => field.isMain || Object.hasOwn(state, field.name) || more.includes(field.name);
  return (
    <section className="configure" aria-label={t.editing.configure(name)}>
      <Stack gap="xs">
        <Rename key={name} name={name} rename={(wanted) => edit((now) => renameState(now, name, wanted))} />
        {fields.filter(isShown).map((field) => (
          <ValueField
            key={field.name}
            label={field.name}
            kind={field.kind}
            tree={find(tree, [...spot.path, field.name])}
            commit={(json) => edit((now) => setField(now, name, [field.name], json))}
          />
        ))}
        <Select
          size="xs"
          label={t.editing.addField}
          data={fields.filter((field) => !isShown(field)).map((field) => field.name)}
          value={null}
          onChange={(field) => field && setMore([...more, field])}
        />
        {state.Type === 'Choice' && <Conditions {...props} />}
        {mayCatch(state) && <Rules {...props} field="Retry" />}
        {mayCatch(state) && <Rules {...props} field="Catch" />}
        {state.Type === 'Parallel' && <Branches {...props} />}
        {(state.Type === 'Parallel' || state.Type === 'Map') && <Text size="xs">{t.editing.inside}</Text>}
        <Ways {...props} />
        <Button size="compact-sm" variant="default" onClick={() => edit((now) => removeState(now, name))}>{t.editing.removeState}</Button>
      </Stack>
    </section>
  );
}

function Rename({ name, rename }: { name: string; rename: (wanted: string) => void }) {
  const t = useText();
  const [wanted, setWanted] = useState(name);
  return (
    <Group align="end" gap="xs" wrap="nowrap">
      <TextInput
        size="xs" flex={1} label={t.editing.stateName} value={wanted} spellCheck={false}
        onChange={(event) => setWanted(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && rename(wanted)}
      />
      <Button size="xs" variant="default" disabled={wanted === name} onClick={() => rename(wanted)}>{t.editing.rename}</Button>
    </Group>
  );
}

function Target({ label, value, siblings, onChange }: { label: string; value: string | null; siblings: readonly string[]; onChange: (to: string) => void }) {
  return <Select size="xs" label={label} data={[...siblings]} value={value} allowDeselect={false} searchable onChange={(to) => to !== null && to !== value && onChange(to)} />;
}

/** What rules have in common: an order, and that they can be taken away. */
function Order({ props, field, index, length }: { props: Props; field: string; index: number; length: number }) {
  const t = useText();
  const { tree, spot, edit } = props;
  const at = (place: number): Path => [...spot.path, field, place];
  const move = (to: number) => {
    const [here, there] = [find(tree, at(index)), find(tree, at(to))];
    if (here && there) {
      edit(() => ({ changes: [{ kind: 'set', path: at(to), json: flat(here) }, { kind: 'set', path: at(index), json: flat(there) }], selected: spot.name }));
    }
  };
  return (
    <Group gap={4} mt={6}>
      <Button size="compact-xs" variant="default" disabled={index === 0} onClick={() => move(index - 1)}>{t.editing.earlier}</Button>
      <Button size="compact-xs" variant="default" disabled={index === length - 1} onClick={() => move(index + 1)}>{t.editing.later}</Button>
      {field !== 'Choices' && <Button size="compact-xs" variant="default" onClick={() => edit((now) => setField(now, spot.name, [field, index], undefined))}>{t.editing.remove}</Button>}
    </Group>
  );
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The rules of a Choice: in JSONata an expression, otherwise a comparison as JSON. */
function Conditions(props: Props) {
  const { tree, spot, ways, siblings, edit } = props;
  const t = useText();
  const rules = listOf(spot.state.Choices);
  const first = siblings[0];
  return (
    <>
      {rules.map((rule, index) => {
        const at = [...spot.path, 'Choices', index];
        const way = ways.find((one) => one.kind === 'choice' && one.rule === index);
        return (
          <fieldset key={index}>
            <legend>{t.editing.rule(index + 1)}</legend>
            {isObject(rule) && typeof rule.Condition === 'string'
              ? <ValueField label={t.editing.condition} kind="text" tree={find(tree, [...at, 'Condition'])} commit={(json) => json !== undefined && edit((now) => setField(now, spot.name, ['Choices', index, 'Condition'], json))} />
              : <ValueField label={t.editing.condition} kind="json" tree={without(find(tree, at), 'Next')} commit={(json) => json !== undefined && edit((now) => setField(now, spot.name, ['Choices', index], withNext(json, find(tree, at))))} />}
            <Target label={t.editing.target} value={way?.to ?? null} siblings={siblings} onChange={(to) => way && edit((now) => redirect(now, way, to))} />
            <Order props={props} field="Choices" index={index} length={rules.length} />
            {way && <Button size="compact-xs" mt={6} variant="default" onClick={() => edit((now) => disconnect(now, way))}>{t.editing.remove}</Button>}
          </fieldset>
        );
      })}
      {first !== undefined && <Button size="compact-sm" variant="default" onClick={() => edit((now) => addRule(now, spot.name, 'Choices', first))}>{t.editing.addRule}</Button>}
    </>
  );
}

function without(tree: Tree | undefined, name: string): Tree | undefined {
  return tree?.kind === 'object' ? { ...tree, members: tree.members.filter((member) => member.name !== name) } : tree;
}

/** What was written of a rule, which leads to where it led before. */
function withNext(json: string, before: Tree | undefined): string {
  const rule = treeOf(json);
  const next = before?.kind === 'object' ? before.members.find((member) => member.name === 'Next') : undefined;
  return rule.kind === 'object' && next ? printed({ ...rule, members: [...rule.members.filter((member) => member.name !== 'Next'), next] }) : json;
}

function Rules(props: Props & { field: 'Retry' | 'Catch' }) {
  const { tree, spot, ways, siblings, edit, field } = props;
  const t = useText();
  const rules = listOf(spot.state[field]);
  const first = siblings.find((one) => one !== spot.name);
  const words = field === 'Retry' ? { title: t.editing.retrier, add: t.editing.addRetrier } : { title: t.editing.catcher, add: t.editing.addCatcher };
  return (
    <>
      {rules.map((_, index) => {
        const way = ways.find((one) => one.kind === 'catch' && one.rule === index);
        return (
          <fieldset key={index}>
            <legend>{words.title(index + 1)}</legend>
            {(field === 'Retry' ? RETRIER : catcherOf(spot.language)).map(({ name, kind }) => (
              <ValueField
                key={name}
                label={name}
                kind={kind}
                tree={find(tree, [...spot.path, field, index, name])}
                commit={(json) => edit((now) => setField(now, spot.name, [field, index, name], json))}
              />
            ))}
            {field === 'Catch' && <Target label={t.editing.target} value={way?.to ?? null} siblings={siblings} onChange={(to) => way && edit((now) => redirect(now, way, to))} />}
            <Order props={props} field={field} index={index} length={rules.length} />
          </fieldset>
        );
      })}
      {(field === 'Retry' || first !== undefined) && (
        <Button size="compact-sm" variant="default" onClick={() => edit((now) => addRule(now, spot.name, field, first ?? spot.name))}>{words.add}</Button>
      )}
    </>
  );
}

function Branches({ spot, edit, onSelect }: Props) {
  const t = useText();
  return (
    <fieldset>
      <legend>{t.editing.branches}</legend>
      {listOf(spot.state.Branches).map((branch, index) => {
        const start = isObject(branch) && typeof branch.StartAt === 'string' ? branch.StartAt : '?';
        return (
          <Group key={index} gap={4} mb={4}>
            <Text size="sm" className="payload-text">{t.editing.branch(index + 1, start)}</Text>
            <Button size="compact-xs" variant="default" onClick={() => onSelect(start)}>{t.editing.open}</Button>
            <Button size="compact-xs" variant="default" onClick={() => edit((now) => removeBranch(now, spot.name, index))}>{t.editing.remove}</Button>
          </Group>
        );
      })}
      <Button size="compact-xs" variant="default" onClick={() => edit((now) => addBranch(now, spot.name))}>{t.editing.addBranch}</Button>
    </fieldset>
  );
}

function Ways({ spot, ways, way: chosen, siblings, onWay, edit }: Props) {
  const t = useText();
  const [to, setTo] = useState<string | null>(null);
  const ends = spot.state.Type === 'Succeed' || spot.state.Type === 'Fail';
  if (ends) {
    return null;
  }
  return (
    <fieldset>
      <legend>{t.editing.ways}</legend>
      {ways.length === 0 && <Text size="sm">{t.editing.noWays}</Text>}
      {ways.map((way) => {
        const label = t.editing.wayTo(t.editing.kinds[way.kind], way.to);
        return (
          <Group key={`${way.kind}${way.rule}`} gap={4} mb={4}>
            <Text size="sm" className="payload-text" fw={chosen && chosen.kind === way.kind && chosen.rule === way.rule ? 700 : 400}>{label}</Text>
            <Button size="compact-xs" variant="default" aria-label={`${t.editing.insertHere}: ${label}`} onClick={() => onWay(way)}>{t.editing.insertHere}</Button>
            <Button size="compact-xs" variant="default" aria-label={`${t.editing.endWay}: ${label}`} onClick={() => edit((now) => disconnect(now, way))}>{t.editing.endWay}</Button>
          </Group>
        );
      })}
      <Group align="end" gap="xs">
        <Select size="xs" label={t.editing.connect} data={[...siblings]} value={to !== null && siblings.includes(to) ? to : null} searchable onChange={setTo} />
        <Button size="xs" variant="default" disabled={to === null} onClick={() => to !== null && edit((now) => connect(now, spot.name, to, 'next'))}>{t.editing.connectNext}</Button>
        {mayCatch(spot.state) && <Button size="xs" variant="default" disabled={to === null} onClick={() => to !== null && edit((now) => connect(now, spot.name, to, 'catch'))}>{t.editing.connectCatch}</Button>}
      </Group>
    </fieldset>
  );
}
