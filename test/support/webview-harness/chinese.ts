/** A few strings, enough to see that the interface takes its texts from the host. The product's bundle is elsewhere. */
export const chinese: Readonly<Record<string, string>> = {
  Connections: '连接',
  Sequence: '时序',
  'What happens': '发生了什么',
  'No.': '编号',
  'client {0}': '客户端 {0}',
  'server {0}': '服务器 {0}',
};
