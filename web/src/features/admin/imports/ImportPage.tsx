import Link from '@mui/material/Link';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { save } from '../parts/save';
import { Trouble } from '../parts/Trouble';
import { authedText } from '../session/authed';
import { DropZone } from './DropZone';
import { FileTrouble, readMenuFile, type MenuFile } from './file';
import { MappingStep } from './MappingStep';
import { Done, Ready, Rejected, Working } from './Stages';
import { useImport, type Import } from './useImport';
import { useDesk } from '../words';

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
  const t = useDesk();
  const [file, setFile] = useState<MenuFile | null>(null);
  const job = useImport(restaurant.slug, restaurant.id);
  const read = useMutation({ mutationFn: readMenuFile, onSuccess: setFile });
  const unread = read.error instanceof FileTrouble ? new Error(t(read.error.key)) : read.error;
  const status = job.state.data?.status;
  // What is in the menu needs no file any more; after a refusal it is there to be mapped anew.
  useEffect(() => {
    if (status === 'applied') setFile(null);
  }, [status]);

  return (
    <>
      <PageTitle
        lead={t('import.lead')}
        actions={
          <Link component="button" onClick={() => void saveMenu(restaurant.id)} sx={{ fontWeight: 700 }}>
            {t('import.as_file')}
          </Link>
        }
      >
        {t('page.import')}
      </PageTitle>
      <Trouble error={unread ?? job.upload.error} testId="file-error" />
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
