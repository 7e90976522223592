#!/usr/bin/env bash
# A Lambda function without Node. It reports that nothing has failed, or fails for a record whose value is "bad". Where STUCK is set, it
# asks for no second event.
host=${AWS_LAMBDA_RUNTIME_API%:*}
port=${AWS_LAMBDA_RUNTIME_API#*:}

# call METHOD PATH BODY: prints the headers and the body of the answer.
call() {
  exec 3<> "/dev/tcp/$host/$port" || exit
  printf '%s /2018-06-01/runtime/%s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' "$1" "$2" "${#3}" "$3" >&3
  cat <&3
  exec 3>&-
}

while :; do
  event=$(call GET invocation/next '')
  id=$(sed -n 's/^lambda-runtime-aws-request-id: \([0-9a-f-]*\).*/\1/Ip' <<< "$event")
  [ -n "$id" ] || exit
  if [[ $event == *'"value":"YmFk"'* ]]; then
    call POST "invocation/$id/error" '{"errorType":"BadRecord","errorMessage":"a bad record"}' > /dev/null
  else
    call POST "invocation/$id/response" '{"batchItemFailures":[]}' > /dev/null
  fi
  [ -z "$STUCK" ] || sleep 600
done
