import Link from '@mui/material/Link';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { save } from '../parts/save';
import { Trouble } from '../parts/Trouble';
import { authedText } from '../session/authed';
import { DropZone } from './DropZone';
import { readMenuFile, type MenuFile } from './file';
import { MappingStep } from './MappingStep';
import { Done, Ready, Rejected, Working } from './Stages';
import { useImport, type Import } from './useImport';

const SETTLED = { ready: Ready, applied: Done, undone: Done, rejected: Rejected } as const;

function Stage({ job }: { job: Import }) {
  const { data: state, error } = job.state;
  if (error) return <Trouble error={error} />;
  const Settled = SETTLED[state?.status as keyof typeof SETTLED];
  if (state && Settled) return <Settled state={state} job={job} />;
  const { done = 0, total = 0 } = job.progress ?? {};
  return <Working status={state?.status ?? 'receiving'} done={done} total={total} />;
}

async function saveMenu(restaurant_id: string) {
  save(
    'menu.csv',
    'text/csv',
    await authedText(`/api/v1/menu/items/${restaurant_id}?format=csv`, 'text/csv'),
  );
}

/** A file becomes the menu: drop, look, confirm, apply, and undo when it was a mistake. */
export default function ImportPage({ restaurant }: PageProps) {
  const [file, setFile] = useState<MenuFile | null>(null);
  const job = useImport(restaurant.slug, restaurant.id);
  const read = useMutation({ mutationFn: readMenuFile, onSuccess: setFile });
  const status = job.state.data?.status;
  // What is in the menu needs no file any more; after a refusal it is there to be mapped anew.
  useEffect(() => {
    if (status === 'applied') setFile(null);
  }, [status]);

  return (
    <>
      <PageTitle
        lead="Preview, apply exactly what was previewed, undo."
        actions={
          <Link component="button" onClick={() => void saveMenu(restaurant.id)} sx={{ fontWeight: 700 }}>
            The menu as it is now, as a file
          </Link>
        }
      >
        Import
      </PageTitle>
      <Trouble error={read.error ?? job.upload.error} testId="file-error" />
      {job.id ? (
        <Stage job={job} />
      ) : file ? (
        <MappingStep
          file={file}
          busy={job.upload.isPending}
          onBack={() => setFile(null)}
          onUpload={(upload) => job.upload.mutate(upload)}
        />
      ) : (
        <DropZone onFile={(dropped) => read.mutate(dropped)} />
      )}
    </>
  );
}
