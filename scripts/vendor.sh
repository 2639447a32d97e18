#!/bin/sh
# Refreshes app/static/vendor from the npm registry: `sh scripts/vendor.sh`. Versions are pinned here and nowhere else.
# Each package keeps its licence, and package.json says which version it is.
set -eu

cd "$(dirname "$0")/.."
out=app/static/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# vendor NAME PACKAGE@VERSION SUBDIRECTORY PATTERN...: copies the files that match, and the licence.
vendor() {
    name=$1 package=$2 root=$3
    shift 3
    rm -rf "${out:?}/$name" "$work/package"
    mkdir -p "$out/$name"
    (cd "$work" && tar xzf "$(npm pack --silent "$package" 2>/dev/null)")
    for pattern in "$@"; do
        (cd "$work/package/$root" && find . -path "./$pattern" -type f) | while read -r file; do
            mkdir -p "$out/$name/$(dirname "$file")"
            grep -av '^//# sourceMappingURL=' "$work/package/$root/$file" >"$out/$name/$file" || true
        done
    done
    cp "$work/package/LICENSE" "$out/$name/LICENSE" 2>/dev/null || licence_text "$name"
    node -e 'const p = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(JSON.stringify({name: p.name, version: p.version, license: p.license, type: "module"}, null, 2))' \
        "$work/package/package.json" >"$out/$name/package.json"
}

# A package that ships no licence file names it in package.json; the text is kept in scripts/licences.
licence_text() {
    cp "scripts/licences/$1.txt" "$out/$1/LICENSE"
}

# A font is copied byte for byte.
font() {
    name=$1 package=$2 file=$3
    rm -rf "${out:?}/$name" "$work/package"
    mkdir -p "$out/$name"
    (cd "$work" && tar xzf "$(npm pack --silent "$package" 2>/dev/null)")
    cp "$work/package/files/$file" "$work/package/LICENSE" "$out/$name/"
    node -e 'const p = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(JSON.stringify({name: p.name, version: p.version, license: p.license}, null, 2))' \
        "$work/package/package.json" >"$out/$name/package.json"
}

vendor lit-html lit-html@3.3.3 . lit-html.js lit-html.d.ts directive.js directive.d.ts async-directive.js async-directive.d.ts \
    directive-helpers.js directive-helpers.d.ts directives/repeat.js directives/repeat.d.ts directives/class-map.js directives/class-map.d.ts \
    directives/live.js directives/live.d.ts directives/ref.js directives/ref.d.ts directives/keyed.js directives/keyed.d.ts \
    directives/guard.js directives/guard.d.ts
vendor fluent-bundle @fluent/bundle@0.19.1 esm '*.js' '*.d.ts'
font inter @fontsource-variable/inter@5.3.0 inter-latin-wght-normal.woff2
font jetbrains-mono @fontsource-variable/jetbrains-mono@5.3.0 jetbrains-mono-latin-wght-normal.woff2
