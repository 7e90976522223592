import { render } from 'preact';
import { takeToken } from './answer.ts';
import { App } from './app.tsx';
import './page.css';

takeToken();
// A console that was started again has another token: its URL may be opened where the page is open already.
addEventListener('hashchange', () => {
  if (takeToken()) location.reload();
});
render(<App />, document.getElementById('page') as HTMLElement);
