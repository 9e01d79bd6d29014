//! Words on standard error, machine output on standard output. A closed pipe ends the output, not the program.

use crate::base::Lang;
use crate::diag::Message;
use crate::diag::human::Style;
use std::io::{self, IsTerminal, Write};

pub(super) struct Out {
    pub(super) lang: Lang,
    pub(super) style: Style,
}

impl Out {
    pub(super) fn new(lang: Lang) -> Self {
        // https://no-color.org
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) || !io::stderr().is_terminal();
        Self { lang, style: if plain { Style::Plain } else { Style::Colour } }
    }

    /// A sentence for people.
    pub(super) fn say(&self, message: &Message) {
        self.line(&message.text(self.lang));
    }

    /// A line for people.
    pub(super) fn line(&self, text: &str) {
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Output for machines.
    pub(super) fn data(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }
}
