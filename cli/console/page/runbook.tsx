import type { JSX } from 'preact';
import operations from '../../../docs/operations.md';
import { type Block, piecesOf, sectionOf } from './markdown.ts';
import { Command, Table } from './parts.tsx';
import { hrefOf, type Route } from './route.ts';

/** The screen of a runbook: a section of docs/operations.md, which stands in the page. */
export const Runbook = ({ filters }: { readonly filters: Route['filters'] }): JSX.Element => {
  const section = sectionOf(operations, filters['of'] ?? 'runbooks');
  return section === null ? (
    <p class="empty">docs/operations.md has no such runbook.</p>
  ) : (
    <article>
      <h2>{section.title}</h2>
      {section.blocks.map((block, index) => (
        <Part key={index} block={block} caption={section.title} />
      ))}
      <p class="quiet">
        This is a part of docs/operations.md. Its commands name a stage, prod: put yours in its
        place, and leave --stage prod out for a pipeline on this machine.
      </p>
    </article>
  );
};

const Part = ({
  block,
  caption,
}: {
  readonly block: Block;
  readonly caption: string;
}): JSX.Element => {
  if (block.kind === 'heading') return <h3>{block.text}</h3>;
  if (block.kind === 'text')
    return (
      <p>
        <Text text={block.text} />
      </p>
    );
  if (block.kind === 'commands')
    return (
      <>
        {block.lines.map((line) => (
          <p key={line}>
            <Command line={line} />
          </p>
        ))}
      </>
    );
  const [head = [], ...rows] = block.rows;
  return (
    <Table
      caption={caption}
      head={head.map((name) => name.replaceAll('`', ''))}
      rows={rows.map((cells) => cells.map((cell, index) => <Text key={index} text={cell} />))}
    />
  );
};

/** A text with its code and links. A link to another page names it: the console has this one alone. */
const Text = ({ text }: { readonly text: string }): JSX.Element => (
  <>
    {piecesOf(text).map(({ kind, text: piece, to = '' }, index) =>
      kind === 'code' ? (
        <code key={index}>{piece}</code>
      ) : kind === 'link' && to.startsWith('#') ? (
        <a key={index} href={hrefOf('runbook', { of: to.slice(1) })}>
          {piece}
        </a>
      ) : (
        <span key={index}>{kind === 'link' ? `${piece} (${placeOf(to)})` : piece}</span>
      ),
    )}
  </>
);

const placeOf = (to: string): string => (to.includes('://') ? to : `docs/${to}`);
