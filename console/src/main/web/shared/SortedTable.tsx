import { Table } from '@mantine/core';
import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type ColumnDef, type SortFn } from '@tanstack/react-table';
import { useMemo, type ReactNode } from 'react';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

export type Sortable = string | number | undefined;

export interface Column<T> {
  id: string;
  header: string;
  /** What rows are sorted by; undefined comes last. */
  value: (row: T) => Sortable;
  /** What is shown, if not the value. */
  cell?: (row: T) => ReactNode;
}

/** Numbers by size, texts as people read them: 10 behind 9. */
export function order(one: Sortable, other: Sortable): number {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : String(one).localeCompare(String(other), undefined, { numeric: true });
}

/** A table that is sorted by a click on a column's name: up, down, as it came. */
export function SortedTable<T extends object>({ rows, columns, rowId, label, minWidth = 700 }: {
  rows: readonly T[]; columns: readonly Column<T>[]; rowId: (row: T) => string; label: string; minWidth?: number;
}) {
  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, T> => ({
        id: column.id,
        header: column.header,
        accessorFn: column.value,
        cell: ({ row }) => (column.cell === undefined ? (column.value(row.original) ?? '') : column.cell(row.original)),
        sortFn: ((one, other, id) => order(one.getValue(id), other.getValue(id))) as SortFn<typeof features, T>,
        sortUndefined: 'last',
        sortDescFirst: false,
      })),
    [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: definitions, data, getRowId: rowId });
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table aria-label={label}>
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted();
                return (
                  <Table.Th key={header.id} aria-sort={sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'}>
                    <button type="button" className="sort-button" onClick={header.column.getToggleSortingHandler()}>
                      <table.FlexRender header={header} />{sorted === false ? '' : sorted === 'asc' ? ' ↑' : ' ↓'}
                    </button>
                  </Table.Th>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id}>
              {row.getAllCells().map((cell) => <Table.Td key={cell.id} className="payload-text"><table.FlexRender cell={cell} /></Table.Td>)}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
