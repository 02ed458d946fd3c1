import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Member, MemberPost } from '../../../gen/types';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { Select } from '../parts/Select';
import { Trouble } from '../parts/Trouble';
import { at, useGet } from '../queries';
import { ROLES, type Role } from '../rights';
import { authed } from '../session/authed';
import { useDesk } from '../words';

function useRoles(): (readonly [Role, string])[] {
  const t = useDesk();
  return ROLES.map((role) => [role, t(`team.${role}`)] as const);
}

function useTeam(slug: string) {
  const path = `${at.restaurant(slug)}/members`;
  const queries = useQueryClient();
  const members = useGet<Member[]>(`${path}?limit=200`);
  const write = useMutation({
    mutationFn: ({ method, id, body }: { method: 'POST' | 'PUT' | 'DELETE'; id?: string; body?: unknown }) =>
      authed(id ? `${path}/${id}` : path, { method, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });
  return { members, write };
}

type Team = ReturnType<typeof useTeam>;

function Row({ member, write }: { member: Member; write: Team['write'] }) {
  const [t, roles] = [useDesk(), useRoles()];
  const [leaving, setLeaving] = useState(false);
  return (
    <Box
      component="li"
      data-testid="member"
      sx={{
        listStyle: 'none',
        display: 'flex',
        flexWrap: 'wrap',
        gap: 1.5,
        alignItems: 'center',
        p: 1.75,
        border: 1,
        borderColor: 'divider',
        borderRadius: '18px',
        bgcolor: 'background.paper',
      }}
    >
      <Box sx={{ flex: 1, minWidth: 180 }}>
        <Typography sx={{ fontWeight: 800 }}>{member.name || member.email}</Typography>
        <Typography color="text.secondary">{member.email}</Typography>
      </Box>
      <Select
        label={t('team.role_of', { email: member.email })}
        value={member.role}
        options={roles}
        onChange={(role) => write.mutate({ method: 'PUT', id: member.user_id, body: { role } })}
      />
      {leaving ? (
        <Button
          color="error"
          variant="contained"
          onClick={() => write.mutate({ method: 'DELETE', id: member.user_id })}
        >
          {t('team.really_remove')}
        </Button>
      ) : (
        <Button color="error" onClick={() => setLeaving(true)}>
          {t('team.remove')}
        </Button>
      )}
    </Box>
  );
}

function Invite({ write }: { write: Team['write'] }) {
  const [t, roles] = [useDesk(), useRoles()];
  const [body, setBody] = useState<Required<MemberPost>>({
    email: '',
    role: 'staff',
    name: '',
    password: '',
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    const { name, password, ...rest } = body;
    write.mutate(
      { method: 'POST', body: { ...rest, ...(name && { name }), ...(password && { password }) } },
      { onSuccess: () => setBody({ email: '', role: 'staff', name: '', password: '' }) },
    );
  }
  return (
    <Box component="form" onSubmit={submit} sx={{ mt: 4, display: 'grid', gap: 1.5, maxWidth: 520 }}>
      <Typography variant="h3" component="h2">
        {t('team.new')}
      </Typography>
      <TextField
        label={t('login.email')}
        type="email"
        required
        value={body.email}
        onChange={(event) => setBody({ ...body, email: event.target.value })}
      />
      <TextField
        label={t('team.name')}
        value={body.name}
        onChange={(event) => setBody({ ...body, name: event.target.value })}
      />
      <TextField
        label={t('team.first_password')}
        type="password"
        autoComplete="new-password"
        value={body.password}
        onChange={(event) => setBody({ ...body, password: event.target.value })}
      />
      <Select
        label={t('team.role')}
        value={body.role}
        options={roles}
        onChange={(role) => setBody({ ...body, role })}
      />
      <Button type="submit" variant="contained" sx={{ justifySelf: 'start' }} disabled={write.isPending}>
        {t('team.add')}
      </Button>
    </Box>
  );
}

export default function TeamPage({ restaurant }: PageProps) {
  const t = useDesk();
  const { members, write } = useTeam(restaurant.slug);
  return (
    <>
      <PageTitle lead={t('team.lead')}>{t('page.team')}</PageTitle>
      <Trouble error={members.error ?? write.error} />
      <Box component="ul" sx={{ p: 0, m: 0, display: 'grid', gap: 1 }}>
        {members.data?.map((member) => (
          <Row key={member.user_id + member.etag} member={member} write={write} />
        ))}
      </Box>
      {members.data?.length === 0 && <Typography color="text.secondary">{t('team.none')}</Typography>}
      <Invite write={write} />
    </>
  );
}
