import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { ErrorNotice } from '../ui/notice.js';
import { DataTable } from './data-table.js';
import { parseDelimited } from './delimited.js';
import type { FileFacts } from './file-facts.js';
import { parseJsonLines } from './json-lines.js';
import { extensionOf, previewKind } from './preview-kind.js';
import { readRange } from './read-range.js';
import { PreviewError, textContent, wholeLines, type TextContent } from './text-content.js';

const LARGEST_IMAGE = 20_000_000;

interface PreviewProps {
  readonly facts: FileFacts;
}

/** Shows what is in a file, without running or rendering any of it. */
export function Preview({ facts }: PreviewProps): ReactElement {
  if (facts.size === 0) return <p role="status">The file is empty.</p>;
  const kind = previewKind(facts.file);
  if (kind === 'image') return <ImagePreview facts={facts} />;
  if (kind === 'parquet') return <ParquetPreview facts={facts} />;
  return <TextPreview facts={facts} />;
}

function usePreview<Content>(
  { stage, file, size, etag }: FileFacts,
  read: () => Promise<Content>,
): UseQueryResult<Content> {
  return useQuery({ queryKey: ['preview', stage, file, size, etag], queryFn: read, gcTime: 0, retry: false });
}

function TextPreview({ facts }: PreviewProps): ReactElement {
  const content = usePreview(facts, async () => textContent(facts, facts.size));
  return (
    <>
      <ErrorNotice error={content.error} />
      {content.isPending && <p role="status">Reading the beginning of the file…</p>}
      {content.isSuccess && <Content file={facts.file} content={content.data} />}
    </>
  );
}

function Content({ file, content }: { readonly file: string; readonly content: TextContent }): ReactElement {
  const kind = previewKind(file);
  const label = content.isCut ? 'The beginning of the file' : 'The whole file';
  return (
    <>
      <p>{label}</p>
      {kind === 'delimited' && (
        <DataTable
          label={label}
          data={parseDelimited(wholeLines(content), extensionOf(file) === 'tsv' ? '\t' : ',')}
        />
      )}
      {kind === 'lines' && <DataTable label={label} data={parseJsonLines(wholeLines(content))} />}
      {kind === 'text' && (
        <pre className="preview-text" tabIndex={0} aria-label={label}>
          {content.text}
        </pre>
      )}
    </>
  );
}

function ParquetPreview({ facts }: PreviewProps): ReactElement {
  const content = usePreview(facts, async () => {
    const { parquetContent } = await import('./parquet-content.js');
    return parquetContent(facts, facts.size);
  });
  const { data } = content;
  return (
    <>
      <ErrorNotice error={content.error} />
      {content.isPending && <p role="status">Reading the schema and the first rows…</p>}
      {data !== undefined && (
        <>
          <p>
            {data.rowCount.toLocaleString('en')} {data.rowCount === 1 ? 'row' : 'rows'}; the first of them:
          </p>
          <DataTable label="The first rows" data={data} types={data.types} />
        </>
      )}
    </>
  );
}

function ImagePreview({ facts }: PreviewProps): ReactElement {
  const content = usePreview(facts, async () => {
    if (facts.size > LARGEST_IMAGE)
      throw new PreviewError('The image is too large to be shown here. Download it.');
    return new Blob([await readRange(facts, 0, facts.size)]);
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (content.data === undefined) return undefined;
    const made = URL.createObjectURL(content.data);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
    };
  }, [content.data]);
  return (
    <>
      <ErrorNotice error={content.error} />
      {url !== undefined && <img className="preview-image" src={url} alt={`Content of ${facts.file}`} />}
    </>
  );
}
