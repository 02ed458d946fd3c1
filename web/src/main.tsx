import './app/look';
import { App } from './app/App';
import { start } from './app/start';

void start(<App />);
