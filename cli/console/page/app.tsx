import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Now } from './now.tsx';
import { RecordScreen } from './record.tsx';
import { Rejected } from './rejected.tsx';
import { hrefOf, type Route, useRoute } from './route.ts';
import { Runbook } from './runbook.tsx';
import { User } from './user.tsx';

interface Screen {
  readonly name: string;
  readonly title: string;
  /** False for a screen that others lead to. */
  readonly isInNavigation?: false;
  readonly show: (filters: Route['filters']) => JSX.Element;
}

const screens: readonly Screen[] = [
  { name: 'now', title: 'Now', show: (filters) => <Now filters={filters} /> },
  { name: 'rejected', title: 'Rejected', show: (filters) => <Rejected filters={filters} /> },
  { name: 'user', title: 'User', show: (filters) => <User filters={filters} /> },
  { name: 'record', title: 'Record', show: (filters) => <RecordScreen filters={filters} /> },
  {
    name: 'runbook',
    title: 'Runbook',
    isInNavigation: false,
    show: (filters) => <Runbook filters={filters} />,
  },
];

/** The page: its screens, and the way between them. */
export const App = (): JSX.Element => {
  const { screen, filters } = useRoute();
  const chosen = screens.find(({ name }) => name === screen) ?? screens[0];
  const title = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${chosen?.title} – user events`;
    // Whoever uses the keyboard or hears the page is led to what is new: a screen, the records of a group, another runbook.
    if (!first.current) title.current?.focus();
    first.current = false;
  }, [chosen?.name, filters['show'], filters['of']]);
  return (
    <>
      <button class="skip" type="button" onClick={() => title.current?.focus()}>
        To the content
      </button>
      <header>
        <strong>user events</strong>
        <nav aria-label="Screens">
          {screens
            .filter(({ isInNavigation = true }) => isInNavigation)
            .map(({ name, title: text }) => (
              <a
                key={name}
                href={hrefOf(name)}
                aria-current={name === chosen?.name ? 'page' : undefined}
              >
                {text}
              </a>
            ))}
        </nav>
      </header>
      <main id="main">
        <h1 ref={title} tabIndex={-1}>
          {chosen?.title}
        </h1>
        {chosen?.show(filters)}
      </main>
    </>
  );
};
