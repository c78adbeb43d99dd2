/* Asks WinHttpGetProxyForUrl. usage: winhttp.exe
   One question a line on standard input: the URL of the script, a space, the URL to route. One answer a line:
   "PROXY <list>", "DIRECT", or "ERROR <number>". */
#include <windows.h>
#include <winhttp.h>
#include <stdio.h>
#include <string.h>

static void answer(const WCHAR *script, const WCHAR *url) {
  WINHTTP_AUTOPROXY_OPTIONS how = {0};
  WINHTTP_PROXY_INFO found = {0};
  HINTERNET session = WinHttpOpen(L"conformance", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
  how.dwFlags = WINHTTP_AUTOPROXY_CONFIG_URL;
  how.lpszAutoConfigUrl = script;
  if (!WinHttpGetProxyForUrl(session, url, &how, &found))
    printf("ERROR %lu\n", GetLastError());
  else if (found.dwAccessType == WINHTTP_ACCESS_TYPE_NO_PROXY)
    printf("DIRECT\n");
  else
    printf("PROXY %ls\n", found.lpszProxy ? found.lpszProxy : L"?");
  fflush(stdout);
  WinHttpCloseHandle(session);
}

int main(void) {
  char line[8192];
  WCHAR script[4096], url[4096];
  while (fgets(line, sizeof line, stdin)) {
    char *space = strchr(line, ' ');
    line[strcspn(line, "\r\n")] = 0;
    if (!space) continue;
    *space = 0;
    MultiByteToWideChar(CP_UTF8, 0, line, -1, script, 4096);
    MultiByteToWideChar(CP_UTF8, 0, space + 1, -1, url, 4096);
    answer(script, url);
  }
  return 0;
}
