import type { User, UserMembership } from '../../gen/types';

/** Each includes those before it. */
export const ROLES = ['viewer', 'staff', 'manager', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** What somebody is in a restaurant; platform admins may everything; null: nothing. */
export function roleIn(user: User, slug: string): Role | null {
  if (user.is_platform_admin) return 'owner';
  return user.memberships.find((each: UserMembership) => each.slug === slug)?.role ?? null;
}

export const atLeast = (role: Role | null, needed: Role) =>
  role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
