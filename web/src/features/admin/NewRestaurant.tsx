import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router-dom';
import type { Restaurant, RestaurantNew } from '../../gen/types';
import { authed } from './session/authed';
import { useDesk } from './words';

const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Platform admins set up a restaurant with no more than a name. */
export function NewRestaurant() {
  const t = useDesk();
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (body: RestaurantNew) => authed<Restaurant>('/api/v1/restaurants', { method: 'POST', body }),
    onSuccess: ({ data }) => {
      void queries.invalidateQueries({ queryKey: ['admin'] });
      void navigate(`/admin/${data.slug}/settings`);
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate({ name: name.trim(), slug: slugOf(name) });
  }

  return (
    <Box component="form" onSubmit={submit} sx={{ mt: 4, display: 'grid', gap: 1.5, maxWidth: 460 }}>
      <Typography variant="h3" component="h2">
        {t('desk.new_title')}
      </Typography>
      <TextField
        label={t('desk.new_name')}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        helperText={slugOf(name) ? t('desk.new_address', { slug: slugOf(name) }) : ' '}
      />
      {create.error && <Alert severity="error">{create.error.message}</Alert>}
      <Button
        type="submit"
        variant="contained"
        disabled={!slugOf(name) || create.isPending}
        sx={{ justifySelf: 'start' }}
      >
        {t('desk.new_submit')}
      </Button>
    </Box>
  );
}
