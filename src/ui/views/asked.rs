//! An answer that is found off the frame: asked for again when its question changes.

use crossbeam_channel::{Receiver, TryRecvError};

use crate::{jobs::JobId, task::JobContext, ui::session::Session};

/// What is known of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody asked, or it is being found.
    Coming,
    Known,
    /// It broke off.
    Failed,
}

pub struct Asked<K, T> {
    question: Option<K>,
    coming: Option<(JobId, Receiver<T>)>,
    answer: Option<T>,
}

impl<K, T> Default for Asked<K, T> {
    fn default() -> Self {
        Self { question: None, coming: None, answer: None }
    }
}

impl<K: PartialEq, T: Send + 'static> Asked<K, T> {
    /// Sees that `question` is answered. The answer to another one goes at once, so that it never stands beside what it
    /// is not about, and nobody works on it any longer.
    pub fn ask(
        &mut self,
        session: &Session,
        question: K,
        work: impl FnOnce(&JobContext) -> anyhow::Result<T> + Send + 'static,
    ) -> Standing {
        if self.question.as_ref() != Some(&question) {
            if let Some((job, _)) = self.coming.take() {
                session.cancel(job);
            }
            *self = Self { question: Some(question), coming: Some(session.errand_job(work)), answer: None };
        }
        match self.coming.as_ref().map(|(_, receiver)| receiver.try_recv()) {
            Some(Ok(answer)) => {
                self.answer = Some(answer);
                self.coming = None;
            }
            Some(Err(TryRecvError::Empty)) => return Standing::Coming,
            Some(Err(TryRecvError::Disconnected)) => self.coming = None,
            None => {}
        }
        if self.answer.is_some() { Standing::Known } else { Standing::Failed }
    }

    /// The answer to the last question, once it is there.
    pub fn answer(&self) -> Option<&T> {
        self.answer.as_ref()
    }

    /// What was asked last.
    pub fn question(&self) -> Option<&K> {
        self.question.as_ref()
    }

    /// The next time it is asked anew.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}
