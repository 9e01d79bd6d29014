//! The grammar of the command line. Its words are in the catalogue, so that help speaks the user's language.

use crate::base::Lang;
use crate::diag::message::lookup;
use clap::builder::{PossibleValuesParser, StyledStr};
use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;

/// The whole grammar, in a language.
pub(super) fn command(lang: Lang) -> Command {
    let w = Words(lang);
    Command::new("sunlit")
        .version(env!("CARGO_PKG_VERSION"))
        .about(w.get("cli.about"))
        .after_help(w.get("cli.after"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .help_template(w.template())
        .arg(w.option("root", "DIR", "cli.root").value_parser(value_parser!(PathBuf)).global(true))
        .arg(w.option("lang", "LANG", "cli.lang").value_parser(PossibleValuesParser::new(["zh-CN", "en"])).global(true))
        .arg(w.help_flag())
        .disable_help_flag(true)
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help(w.get("cli.version")))
        .subcommands([build(w), check(w), preview(w), new(w), init(w), schema(w), completions(w)])
}

fn build(w: Words) -> Command {
    w.command("build", "cli.build", "cli.build.after")
        .arg(w.option("output", "DIR", "cli.build.output").short('o').value_parser(value_parser!(PathBuf)))
        .arg(w.option("base-url", "URL", "cli.build.base_url"))
        .arg(w.flag("drafts", "cli.build.drafts"))
        .arg(w.option("as-of", "TIME", "cli.build.as_of"))
        .arg(w.option("jobs", "N", "cli.build.jobs").short('j').value_parser(value_parser!(u16).range(1..=512)))
}

fn check(w: Words) -> Command {
    let formats = PossibleValuesParser::new(["human", "json", "sarif", "html"]);
    let path = Arg::new("path").value_name("PATH").num_args(0..).value_parser(value_parser!(PathBuf));
    w.command("check", "cli.check", "cli.check.after")
        .arg(path.help(w.get("cli.check.path")).help_heading(w.get("cli.arguments")))
        .arg(w.option("format", "FORMAT", "cli.check.format").value_parser(formats))
        .arg(w.option("deny", "LEVEL", "cli.check.deny").value_parser(PossibleValuesParser::new(["warning", "info"])))
        .arg(w.option("explain", "CODE", "cli.check.explain"))
        .arg(w.flag("external", "cli.check.external"))
        .arg(w.flag("drafts", "cli.check.drafts"))
        .arg(w.option("as-of", "TIME", "cli.build.as_of"))
        .arg(w.option("jobs", "N", "cli.build.jobs").short('j').value_parser(value_parser!(u16).range(1..=512)))
}

fn preview(w: Words) -> Command {
    let editors = PossibleValuesParser::new(["vscode", "idea", "none"]);
    w.command("preview", "cli.preview", "cli.preview.after")
        .arg(w.option("host", "HOST", "cli.preview.host"))
        .arg(w.option("port", "PORT", "cli.preview.port").value_parser(value_parser!(u16)))
        .arg(w.flag("open", "cli.preview.open"))
        .arg(w.option("editor", "EDITOR", "cli.preview.editor").value_parser(editors))
}

fn new(w: Words) -> Command {
    w.command("new", "cli.new", "cli.new.after")
        .arg(w.argument("year", "YEAR", "cli.new.year"))
        .arg(w.argument("organization", "ORGANIZATION", "cli.new.organization"))
        .arg(w.option("kind", "KIND", "cli.new.kind"))
}

fn init(w: Words) -> Command {
    w.command("init", "cli.init", "cli.init.after")
        .arg(w.argument("dir", "DIR", "cli.init.dir").value_parser(value_parser!(PathBuf)))
}

fn schema(w: Words) -> Command {
    let files = PossibleValuesParser::new(["report", "site", "kind"]);
    w.command("schema", "cli.schema", "cli.schema.after")
        .arg(w.argument("file", "FILE", "cli.schema.file").value_parser(files))
}

fn completions(w: Words) -> Command {
    let shells = value_parser!(clap_complete::Shell);
    w.command("completions", "cli.completions", "cli.completions.after")
        .arg(w.argument("shell", "SHELL", "cli.completions.shell").value_parser(shells))
}

#[derive(Clone, Copy)]
struct Words(Lang);

impl Words {
    fn get(self, key: &'static str) -> &'static str {
        lookup(key, self.0)
    }

    fn command(self, name: &'static str, about: &'static str, after: &'static str) -> Command {
        Command::new(name)
            .about(self.get(about))
            .after_help(self.get(after))
            .help_template(self.template())
            .disable_help_flag(true)
            .arg(self.help_flag())
    }

    fn help_flag(self) -> Arg {
        Arg::new("help").short('h').long("help").action(ArgAction::Help).help(self.get("cli.help"))
    }

    fn argument(self, name: &'static str, value: &'static str, help: &'static str) -> Arg {
        Arg::new(name).value_name(value).help(self.get(help)).required(true).help_heading(self.get("cli.arguments"))
    }

    fn option(self, name: &'static str, value: &'static str, help: &'static str) -> Arg {
        Arg::new(name).long(name).value_name(value).help(self.get(help)).help_heading(self.get("cli.options"))
    }

    fn flag(self, name: &'static str, help: &'static str) -> Arg {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(self.get(help)).help_heading(self.get("cli.options"))
    }

    fn template(self) -> StyledStr {
        format!("{{about}}\n\n{}\n  {{usage}}\n\n{{all-args}}\n\n{{after-help}}\n", self.get("cli.usage")).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_holds_in_every_language() {
        for lang in Lang::ALL {
            command(lang).debug_assert();
        }
    }
}
