import type { ImportSettings, Inspection } from '../../shared/imports.ts';

export const roleNames = ['user', 'item', 'rating', 'time'] as const;
export type RoleName = (typeof roleNames)[number];

/** Column (by name or position) → what it is taken for. */
export function rolesOf(settings: ImportSettings): Record<string, string> {
  const roles: Record<string, string> = {};
  for (const role of roleNames) {
    const column = settings[role];
    if (column !== undefined) roles[String(column)] = role;
  }
  return roles;
}

/** Columns as choices, by name where there is a header, else by position from 1. */
export function columnChoices(inspection: Inspection): { value: string; title: string }[] {
  const named = inspection.settings.header !== false;
  return inspection.columns.map((column, index) => ({
    value: named && column.name ? column.name : String(index + 1),
    title: named && column.name ? column.name : `column ${index + 1}`,
  }));
}

/** A choice as the settings hold it: positions are numbers. */
export function columnSetting(inspection: Inspection, value: string): string | number {
  const named =
    inspection.settings.header !== false && inspection.columns.some((column) => column.name === value);
  return named ? value : Number(value);
}

export const delimiterNames: Record<string, string> = {
  ',': 'comma ,',
  ';': 'semicolon ;',
  '\t': 'tab',
  '|': 'bar |',
  '::': 'double colon ::',
  ' ': 'space',
};
