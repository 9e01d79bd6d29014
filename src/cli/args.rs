//! The grammar of the command line. Its words are in the catalogue, so that help speaks the user's language.

use crate::base::Lang;
use crate::diag::message::lookup;
use crate::scaffold::workflow::Host;
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
        .subcommands([build(w), check(w), preview(w), publish(w), next(w), hosting(w), archive(w)])
        .subcommands([new(w), init(w), schema(w), completions(w)])
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
        .arg(w.option("ci", "HOST", "cli.init.ci").value_parser(PossibleValuesParser::new(Host::NAMES)))
        .arg(w.option("target", "TARGET", "cli.init.target").requires("ci"))
}

fn hosting(w: Words) -> Command {
    let servers = PossibleValuesParser::new(["nginx", "caddy", "headers"]);
    w.command("hosting", "cli.hosting", "cli.hosting.after")
        .arg(w.argument("server", "SERVER", "cli.hosting.server").value_parser(servers))
        .arg(w.option("output", "DIR", "cli.hosting.output").short('o').value_parser(value_parser!(PathBuf)))
        .arg(w.option("base-url", "URL", "cli.hosting.base_url"))
}

fn next(w: Words) -> Command {
    let target = Arg::new("target").value_name("TARGET").help(w.get("cli.next.target"));
    let formats = PossibleValuesParser::new(["human", "json"]);
    w.command("next", "cli.next", "cli.next.after")
        .arg(target.help_heading(w.get("cli.arguments")))
        .arg(w.flag("cron", "cli.next.cron").conflicts_with_all(["systemd", "format"]))
        .arg(w.flag("systemd", "cli.next.systemd").conflicts_with("format"))
        .arg(w.option("format", "FORMAT", "cli.next.format").value_parser(formats))
        .arg(w.option("as-of", "TIME", "cli.next.as_of"))
}

fn archive(w: Words) -> Command {
    w.command("archive", "cli.archive", "cli.archive.after")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommands([archive_create(w), archive_verify(w), archive_sign(w), archive_seal(w)])
}

fn archive_seal(w: Words) -> Command {
    w.command("seal", "cli.archive.seal", "cli.archive.seal.after")
        .arg(w.argument("year", "YEAR", "cli.archive.seal.year"))
        .arg(w.flag("dry-run", "cli.archive.seal.dry_run"))
        .arg(w.option("as-of", "TIME", "cli.archive.seal.as_of"))
        .arg(w.option("jobs", "N", "cli.build.jobs").short('j').value_parser(value_parser!(u16).range(1..=512)))
}

fn publish(w: Words) -> Command {
    let verify = PossibleValuesParser::new(["sample", "all"]);
    w.command("publish", "cli.publish", "cli.publish.after")
        .arg(w.argument("target", "TARGET", "cli.publish.target").required(false))
        .arg(w.flag("dry-run", "cli.publish.dry_run").short('n'))
        .arg(w.option("max-deletes", "N", "cli.publish.max_deletes").value_parser(value_parser!(u32)))
        .arg(
            w.option("verify", "HOW", "cli.publish.verify")
                .value_parser(verify)
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("sample"),
        )
        .arg(w.flag("take-over", "cli.publish.take_over"))
        .arg(w.option("output", "DIR", "cli.publish.output").short('o').value_parser(value_parser!(PathBuf)))
        .arg(w.option("base-url", "URL", "cli.publish.base_url"))
}

fn archive_create(w: Words) -> Command {
    let formats = PossibleValuesParser::new(["bagit", "bagit-tar", "bagit-zip", "wacz"]);
    w.command("create", "cli.archive.create", "cli.archive.create.after")
        .arg(w.argument("year", "YEAR", "cli.archive.create.year"))
        .arg(w.option("output", "DIR", "cli.archive.create.output").short('o').value_parser(value_parser!(PathBuf)))
        .arg(w.option("format", "FORMAT", "cli.archive.create.format").value_parser(formats))
        .arg(w.flag("replace", "cli.archive.create.replace"))
        .arg(w.option("as-of", "TIME", "cli.build.as_of"))
        .arg(w.option("jobs", "N", "cli.build.jobs").short('j').value_parser(value_parser!(u16).range(1..=512)))
}

fn archive_verify(w: Words) -> Command {
    let formats = PossibleValuesParser::new(["human", "json"]);
    w.command("verify", "cli.archive.verify", "cli.archive.verify.after")
        .arg(w.argument("path", "PATH", "cli.archive.verify.path").value_parser(value_parser!(PathBuf)))
        .arg(w.option("format", "FORMAT", "cli.archive.verify.format").value_parser(formats))
        .arg(w.option("signers", "FILE", "cli.archive.verify.signers").value_parser(value_parser!(PathBuf)))
        .arg(w.option("as-of", "TIME", "cli.archive.verify.as_of").requires("signers"))
}

fn archive_sign(w: Words) -> Command {
    w.command("sign", "cli.archive.sign", "cli.archive.sign.after")
        .arg(w.argument("path", "PATH", "cli.archive.verify.path").value_parser(value_parser!(PathBuf)))
        .arg(w.option("key", "FILE", "cli.archive.sign.key").value_parser(value_parser!(PathBuf)).required(true))
        .arg(w.flag("replace", "cli.archive.sign.replace"))
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
