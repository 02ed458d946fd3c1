import Container from '@mui/material/Container';
import { Explain } from '../../ui/Explain';

/** The desk of restaurant owners: a plain page in this version. */
export default function AdminPage() {
  return (
    <Container component="main">
      <Explain
        picture="🗝️"
        title="The desk is being built"
        action={{ label: 'All restaurants', run: () => location.assign('/') }}
      >
        Menus, imports, conversations and figures will be looked after here. This version serves guests only;
        menus are loaded when the platform starts.
      </Explain>
    </Container>
  );
}
