#!/bin/sh
# The smallest MCP server there is (initialize era, stdio): a process that costs little to start, ten thousand times.
while IFS= read -r line; do
  case $line in
  *'"method":"notifications/'*) continue ;;
  *'"id":'*) ;;
  *) continue ;;
  esac
  id=${line#*'"id":'}
  id=${id%%,*}
  case $line in
  *'"method":"initialize"'*)
    result='{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"quiet"}}'
    ;;
  *'"method":"tools/list"'*) result='{"tools":[{"name":"echo","inputSchema":{}},{"name":"slow","inputSchema":{}}]}' ;;
  *'"name":"slow"'*)
    sleep 1
    result='{"content":[]}'
    ;;
  *) result='{"content":[{"type":"text","text":"done"}]}' ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
