// The dashboards of the machine and of the API.
import { many, one, panel, SHARE } from './panels.ts';

export const SYSTEM = [
  panel(
    'cpu',
    'CPU',
    'Share of all cores in use.',
    'ratio',
    [
      one(
        'in use',
        'sum(rate(system_cpu_seconds_total{mode!="idle"}[$window])) / scalar(system_cores)',
        [0.22, 0.1, 0.5],
      ),
      one(
        'this process',
        'rate(process_cpu_seconds_total[$window]) / scalar(system_cores)',
        [0.13, 0.08, 0.42],
      ),
    ],
    SHARE,
  ),
  panel(
    'memory',
    'Memory',
    'What is in use, and what there is.',
    'bytes',
    [
      one('in use', 'system_memory_total_bytes - system_memory_available_bytes', [5.1e9, 3e8, 6e8]),
      one('this process', 'process_resident_memory_bytes', [9.2e8, 6e7, 1.2e8]),
      one('there is', 'system_memory_total_bytes', [8.2e9, 0]),
    ],
    { min: 0 },
  ),
  panel('load', 'Load', 'Processes that want a core.', 'none', [
    one('1 min', 'system_load1', [0.8, 0.5, 2]),
    one('5 min', 'system_load5', [0.7, 0.25, 1]),
    one('15 min', 'system_load15', [0.65, 0.1, 0.4]),
  ]),
  panel(
    'disk',
    'Disk',
    'Space left where the data is kept.',
    'bytes',
    [
      one('left', 'disk_available_bytes', [4.12e10, 4e8]),
      one('our data', 'data_dir_bytes', [3.4e9, 2e7]),
    ],
    { min: 0 },
  ),
  panel('network', 'Network', 'All interfaces together.', 'bytes_per_second', [
    one('received', 'sum(rate(system_network_receive_bytes_total[$window]))', [1.4e5, 9e4, 7e5]),
    one('sent', 'sum(rate(system_network_transmit_bytes_total[$window]))', [6.2e5, 3e5, 2e6]),
  ]),
  panel('descriptors', 'Open files', 'Descriptors of this process.', 'count', [
    one('open', 'process_open_fds', [64, 9, 20]),
  ]),
];

export const API = [
  panel('requests', 'Requests', 'Answered, by status.', 'per_second', [
    many('{{status}}', 'sum by (status) (rate(http_requests_total[$window]))', 'status', {
      200: [14, 6, 12],
      201: [1.2, 0.7],
      304: [4, 2],
      404: [0.1, 0.08],
      500: [0, 0, 1.4],
    }),
  ]),
  panel('duration', 'Time to answer', 'Half, 95 and 99 of 100 requests are faster.', 'seconds', [
    one(
      'half',
      'histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket[$window])))',
      [0.0021, 0.0006, 0.004],
    ),
    one(
      '95 %',
      'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[$window])))',
      [0.018, 0.006, 0.07],
    ),
    one(
      '99 %',
      'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[$window])))',
      [0.061, 0.02, 0.3],
    ),
  ]),
  panel('slowest', 'Slowest routes', '99 of 100 requests are faster.', 'seconds', [
    many(
      '{{route}}',
      'topk(10, histogram_quantile(0.99, sum by (le, route) (rate(http_request_duration_seconds_bucket[$window]))))',
      'route',
      {
        '/api/recommend': [0.21, 0.05, 0.5],
        '/api/recommend/week': [0.34, 0.1, 0.3],
        '/api/wardrobe': [0.02, 0.01],
        '/api/search': [0.05, 0.02, 0.1],
        '/api/images/{id}': [0.004, 0.001],
        '/api/outfits': [0.012, 0.004],
        '/api/wardrobe/{id}/similar': [0.03, 0.012],
        '/api/feedback': [0.016, 0.005],
        '/api/taste': [0.009, 0.003],
        '/api/auth/login': [0.18, 0.02],
      },
    ),
  ]),
  panel('errors', 'Errors', 'Share of requests that failed on our side.', 'ratio', [
    one(
      'failed',
      'sum(rate(http_requests_total{status=~"5.."}[$window])) / sum(rate(http_requests_total[$window]))',
      [0, 0.0004, 0.06],
    ),
  ]),
  panel('in-flight', 'In flight', 'Requests being answered at this moment.', 'count', [
    one('requests', 'http_requests_in_flight', [2, 1.6, 9]),
  ]),
  panel('limited', 'Turned away', 'By a rate limit.', 'per_second', [
    many('{{limit}}', 'sum by (limit) (rate(rate_limited_total[$window]))', 'limit', {}),
  ]),
];
