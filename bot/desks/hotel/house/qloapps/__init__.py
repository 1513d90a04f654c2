"""QloApps 1.7: `wire` knows its bytes, `house` asks it over HTTP."""
