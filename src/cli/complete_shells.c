/* The scripts of the three shells. Each only asks `rosaudit completion words`, so it need not be
 * made anew when an option comes. */
#include "complete.h"

#include <stddef.h>
#include <string.h>

/* bash cuts words at = and :, so they are put together again; and what stands before the last of
 * them in the word is not to be repeated in an answer. */
static const char bash[] =
	"# bash completion of rosaudit: eval \"$(rosaudit completion bash)\"\n"
	"_rosaudit() {\n"
	"\tlocal i word cut line words=() joined=\n"
	"\tfor ((i = 1; i <= COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [[ ${#words[@]} -gt 0 && ( $word == [=:]* || $joined ) ]]; then\n"
	"\t\t\twords[${#words[@]}-1]+=$word\n"
	"\t\telse\n"
	"\t\t\twords+=(\"$word\")\n"
	"\t\tfi\n"
	"\t\tjoined=\n"
	"\t\t[[ $word == [=:] ]] && joined=yes\n"
	"\tdone\n"
	"\tword=${words[${#words[@]}-1]}\n"
	"\tcut=${word%\"${word##*[=:]}\"}\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tif [[ $line == :files ]]; then\n"
	"\t\t\tcompopt -o filenames 2>/dev/null\n"
	"\t\t\twhile IFS= read -r line; do\n"
	"\t\t\t\tCOMPREPLY+=(\"$line\")\n"
	"\t\t\tdone < <(compgen -f -- \"${word#\"$cut\"}\")\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tline=${line%%$'\\t'*}\n"
	"\t\t[[ $line == *= ]] && compopt -o nospace 2>/dev/null\n"
	"\t\t[[ $cut && $line == \"$cut\"* ]] && line=${line#\"$cut\"}\n"
	"\t\tCOMPREPLY+=(\"$line\")\n"
	"\tdone < <(\"${COMP_WORDS[0]}\" completion words -- \"${words[@]}\" 2>/dev/null)\n"
	"}\n"
	"complete -F _rosaudit rosaudit\n";

/* Installed as _rosaudit in $fpath it is called by its name; sourced, it registers itself. */
static const char zsh[] =
	"#compdef rosaudit\n"
	"# zsh completion of rosaudit: source <(rosaudit completion zsh), or a file in $fpath\n"
	"_rosaudit() {\n"
	"\tlocal line file=\n"
	"\tlocal -a found open\n"
	"\tfor line in \"${(@f)$(\"${words[1]}\" completion words -- \"${(@)words[2,CURRENT]}\" "
	"2>/dev/null)}\"; do\n"
	"\t\tif [[ $line == :files ]]; then\n"
	"\t\t\tfile=yes\n"
	"\t\telif [[ ${line%%$'\\t'*} == *= ]]; then\n"
	"\t\t\topen+=(\"${line%%$'\\t'*}\")\n"
	"\t\telif [[ -n $line ]]; then\n"
	"\t\t\tfound+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\")\n"
	"\t\tfi\n"
	"\tdone\n"
	"\t[[ $PREFIX == *=* ]] && compset -P '*='\n"
	"\t(( ${#found} )) && _describe -t words word found\n"
	"\t(( ${#open} )) && compadd -S '' -- \"${open[@]}\"\n"
	"\t[[ -n $file ]] && _files\n"
	"\treturn 0\n"
	"}\n"
	"if [[ $funcstack[1] == _rosaudit ]]; then\n"
	"\t_rosaudit \"$@\"\n"
	"else\n"
	"\tcompdef _rosaudit rosaudit\n"
	"fi\n";

static const char fish[] =
	"# fish completion of rosaudit: rosaudit completion fish | source\n"
	"function __rosaudit_words\n"
	"\tset -l tokens (commandline -opc) (commandline -ct)\n"
	"\tset -l current $tokens[-1]\n"
	"\tset -l before (string match -r '^--[^=]*=' -- $current)\n"
	"\tfor line in ($tokens[1] completion words -- $tokens[2..-1] 2>/dev/null)\n"
	"\t\tif test $line = :files\n"
	"\t\t\tset -l bare (string replace -r '^.*=' '' -- $current)\n"
	"\t\t\tset -l head (string match -r '^.*=' -- $current)\n"
	"\t\t\tfor file in (__fish_complete_path $bare)\n"
	"\t\t\t\techo -- \"$head$file\"\n"
	"\t\t\tend\n"
	"\t\telse\n"
	"\t\t\techo -- \"$before$line\"\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"complete -c rosaudit -f -a '(__rosaudit_words)'\n";

const char *completion_script(const char *shell)
{
	static const struct {
		const char *name, *script;
	} scripts[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (strcmp(scripts[i].name, shell) == 0)
			return scripts[i].script;
	return NULL;
}
