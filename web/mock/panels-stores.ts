// The dashboards of the database, and of models and index.
import { many, one, panel, SHARE } from './panels.ts';

export const DATABASE = [
  panel('pool', 'Connections', 'Of the pool.', 'count', [
    many('{{state}}', 'db_pool_connections', 'state', { idle: [7, 2], in_use: [3, 2, 6] }),
    one('at most', 'db_pool_connections_max', [16, 0]),
  ]),
  panel('queries', 'Queries', 'By statement.', 'per_second', [
    many(
      '{{statement}}',
      'topk(6, sum by (statement) (rate(db_query_duration_seconds_count[$window])))',
      'statement',
      {
        'select items': [22, 8],
        'select sessions': [18, 6],
        'insert feedback_events': [0.6, 0.4],
        'select photos': [9, 4],
        'update items': [1.1, 0.6],
        'select outfits': [5, 2],
      },
    ),
  ]),
  panel('query-time', 'Time of a query', '99 of 100 are faster.', 'seconds', [
    one(
      '99 %',
      'histogram_quantile(0.99, sum by (le) (rate(db_query_duration_seconds_bucket[$window])))',
      [0.0043, 0.001, 0.02],
    ),
  ]),
  panel('size', 'Size', 'Of the database.', 'bytes', [one('size', 'db_size_bytes', [2.31e9, 1e7])]),
  panel('skew', 'Clock', 'How far this clock is ahead of the database’s.', 'seconds', [
    one('ahead', 'clock_skew_seconds', [0.0004, 0.0012]),
  ]),
  panel(
    'redis',
    'Cache',
    'Share of questions that it could answer.',
    'ratio',
    [
      one(
        'hits',
        'sum(rate(cache_requests_total{result="hit"}[$window])) / sum(rate(cache_requests_total[$window]))',
        [0.93, 0.03],
      ),
    ],
    SHARE,
  ),
];

export const MODELS = [
  panel('stages', 'Time by stage', 'Half of the runs are faster.', 'seconds', [
    many(
      '{{model}} {{stage}}',
      'histogram_quantile(0.5, sum by (le, model, stage) (rate(model_inference_duration_seconds_bucket[$window])))',
      'stage',
      {
        encode: [0.041, 0.006, 0.05],
        caption: [0.22, 0.03, 0.2],
        mask: [0.09, 0.01],
        preprocess: [0.008, 0.002],
      },
    ),
  ]),
  panel(
    'accuracy',
    'Self-test',
    'Drawn garments of known kind recognised rightly.',
    'ratio',
    [one('right', 'model_self_test_accuracy_ratio', [0.96, 0.01])],
    SHARE,
  ),
  panel('vectors', 'Vectors', 'In the index, by space.', 'count', [
    many('{{space}}', 'vector_index_vectors', 'space', {
      clip: [18_230, 40],
      fashion: [18_230, 38],
    }),
  ]),
  panel(
    'health',
    'Health of the index',
    'Of 100.',
    'none',
    [one('score', 'vector_index_health_score', [97, 1.5])],
    { min: 0, max: 100 },
  ),
  panel(
    'accepted',
    'Suggestions taken',
    'Share that people liked, saved or wore.',
    'ratio',
    [
      one(
        'taken',
        'sum(increase(recommendation_outcomes_total{outcome="accepted"}[1h])) / sum(increase(recommendation_outcomes_total[1h]))',
        [0.58, 0.07],
      ),
    ],
    SHARE,
  ),
  panel(
    'broken',
    'Recall',
    'Found of what an exact search finds.',
    'ratio',
    [one('recall@10', 'vector_index_recall_ratio', [0.985, 0.006])],
    SHARE,
  ),
];
